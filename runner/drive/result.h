/* What a run measured. Filled by drive, judged against the scenario's targets, stored by baselines,
 * shown by reports. Everything in it lives in its arena, histograms on the heap; it needs neither
 * the scenario nor the engine any more. */
#ifndef TG_RUNNER_DRIVE_RESULT_H
#define TG_RUNNER_DRIVE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "runner/drive/coverage.h"
#include "runner/histogram/hdr.h"

struct tg_error_count { /* failures of one operation by one code */
    int code;           /* the engine's; 0 for a row-count expectation that was not met */
    const char *name;   /* "SQLITE_BUSY", "expect_rows" */
    int64_t count;
    const char *text; /* of the first one */
};

enum { TG_EXPECT_ROWS_CODE = 0 };

struct tg_op_result {
    const char *name;
    int64_t succeeded; /* operations in the recorded part of the phase */
    int64_t failed;
    int64_t retries;
    int64_t rows;
    struct tg_error_count *errors; /* most frequent first */
    size_t error_count;
    struct tg_hdr *service;  /* of successes, ns; never NULL */
    struct tg_hdr *response; /* open loop only, else NULL */
    struct tg_hdr *lag;      /* open loop only, else NULL; of successes and failures */
};

struct tg_phase_interval { /* of the progress of a phase, for charts over time */
    int64_t start_ns;      /* since the start of the recorded part */
    int64_t length_ns;
    int64_t steal_ns; /* all CPUs, in this interval */
    int64_t hiccup_max_ns;
};

struct tg_phase_result {
    const char *name;
    bool open_loop;
    double rate_per_s; /* asked for; 0 in closed loop */
    enum tg_arrival arrival;
    uint32_t workers;
    int64_t planned_ns; /* 0: limited by planned_count */
    uint64_t planned_count;
    int64_t warmup_ns;
    int64_t elapsed_ns;       /* recorded part: first start to last end */
    bool interrupted;         /* by a signal to Tailgate */
    const char *invalid;      /* why the phase says nothing about the store, or NULL */
    struct tg_op_result *ops; /* those of the mix, in the mix's order */
    size_t op_count;
    struct tg_hdr *busy_lag; /* open loop: lag because every worker was still in the store */
    struct tg_hdr *late_lag; /* open loop: lag because the worker woke late (harness, platform) */
    int64_t offered;         /* open loop: operations that fell due in the recorded part */
    int64_t issued;          /* ... of those, started */
    struct tg_hdr *hiccups;  /* of the platform: how late a sleeping thread woke, ns; never NULL */
    int64_t steal_ns;        /* CPU time the hypervisor took away, all CPUs */
    int64_t cpu_pressure_ns; /* /proc/pressure/cpu "some"; -1 where the kernel has none */
    int64_t io_pressure_ns;
    int64_t cpu_user_ns; /* of the process that ran the store */
    int64_t cpu_system_ns;
    int64_t rss_peak_bytes;
    int64_t files_bytes; /* of the store's folder after the phase */
    int64_t files_peak_bytes;
    int64_t log_peak_bytes; /* of its write-ahead log, while the phase ran; -1: unknown or none */
    int64_t harness_ns; /* harness cost per operation, by the no-op engine in the same mode; -1: not
                           measured */
    struct tg_named_value *counters; /* the engine's, of all sessions, warm-up included */
    size_t counter_count;
    struct tg_phase_interval *intervals;
    size_t interval_count;
    char *interval_log;            /* HdrHistogram log, heap-allocated, NULL once it was stored */
    const char *interval_log_file; /* its name beside the result document, "" when there is none */
};

enum tg_target_status { TG_TARGET_MET, TG_TARGET_MISSED, TG_TARGET_NO_DATA };

struct tg_target_result {
    const char *key; /* "scenario/phase/op/metric" */
    const char *phase;
    const char *text; /* as written */
    enum tg_metric_kind metric;
    enum tg_compare compare;
    double limit; /* in the unit of struct tg_target */
    double value; /* NaN without data */
    double ratio; /* how many times better than asked: limit/value for upper limits, value/limit for
                     lower ones; > 1 is headroom; infinity when value (or limit) is 0; NaN where it
                     means nothing */
    enum tg_target_status status;
};

struct tg_sweep_place { /* of a run that is one size of a sweep; docs/sweep.md */
    const char *id;     /* of the sweep: that of its first run, its own for that one; NULL: the
                           first, before it was stored */
    const char *table;  /* whose rows are the size */
    uint64_t rows;
    const uint64_t *planned; /* every size of the sweep, smallest first, measured or not */
    size_t planned_count;    /* 0: the run belongs to no sweep, and nothing else is set */
};

enum tg_verdict { TG_VERDICT_PASS, TG_VERDICT_FAIL, TG_VERDICT_INVALID };

struct tg_result {
    struct tg_arena arena;
    const char *id;       /* name of its folder; NULL before it was stored */
    const char *folder;   /* path of that folder, as seen from here; NULL before */
    const char *scenario; /* name */
    const char *scenario_path;
    const char *scenario_hash;
    const char *dataset_hash;
    const char *stream_fingerprint;
    uint64_t seed;
    const char **overrides; /* "KEY=VALUE" */
    size_t override_count;
    int64_t started_unix_ms;
    int64_t total_ns; /* the whole command, set-up included */
    const char *engine_kind;
    struct tg_named_value *facts; /* version, library path and content hash, ... */
    size_t fact_count;
    struct tg_setting_state *settings;
    size_t setting_count;
    struct tg_load_result {
        const char *table;
        uint64_t rows;
    } * loads;
    size_t load_count;
    struct tg_sweep_place sweep;
    bool dataset_cached;      /* copied from an earlier build */
    int64_t dataset_build_ns; /* building, or copying when cached */
    int64_t dataset_bytes;
    const char *clock;         /* "tsc" or "monotonic" */
    int64_t clock_overhead_ps; /* of one reading, picoseconds */
    struct tg_phase_result *phases;
    size_t phase_count;
    const char **left_out; /* names of the phases that were not asked for */
    size_t left_out_count;
    bool has_coverage;
    struct tg_coverage coverage;
    const char **violations; /* integrity: what verify found */
    size_t violation_count;
    bool verified;     /* verify was run */
    const char *crash; /* how the worker process ended, when it did not end by itself; or NULL */
    int crash_signal;
    struct tg_target_result *targets;
    size_t target_count;
    enum tg_verdict verdict;
    const char **reasons; /* one sentence each: why not a pass */
    size_t reason_count;
    const char *host_json;  /* set by baselines: document part "host"; NULL before */
    const char *git_commit; /* of the working directory; NULL outside a repository */
    bool git_dirty;
};

struct tg_result *tg_result_new(void);
void tg_result_free(struct tg_result *result); /* NULL is fine */

/* Was the phase of that name not asked for? */
bool tg_result_left_out(const struct tg_result *result, const char *phase);

/* Evaluates the scenario's targets, but for those of phases that were left out, and sets verdict
 * and reasons: a crash by the store, a violation, a plan expectation, a target missed in a phase
 * that is neither invalid nor interrupted: fail; an invalid phase, an interruption, a store killed
 * from outside (SIGKILL), a target without data, nothing measured: invalid (unless it fails
 * anyway). */
void tg_result_judge(struct tg_result *result, const struct tg_scenario *scenario);

/* Was the store killed from outside? No store ends itself by SIGKILL: somebody did, or the kernel
 * for want of memory, or we did. It has not crashed then. */
bool tg_result_killed(const struct tg_result *result);
/* Did the store crash, exit or hang by its own doing? */
bool tg_result_crashed(const struct tg_result *result);

/* Does a result that crashed fail for something else as well? Then the second reason says it. */
bool tg_result_fails_besides(const struct tg_result *result);

/* The value of `metric` in `phase`, in the unit of struct tg_target; NaN without data. Of the
 * operation `op_name`, or of all operations of the phase together when it is NULL. */
double tg_result_metric(const struct tg_phase_result *phase, const struct tg_metric *metric,
                        const char *op_name);

/* The ratio of struct tg_target_result; NaN also for an upper limit of 0. */
double tg_target_ratio(enum tg_compare compare, double value, double limit);

/* 0 pass, 1 fail, 3 invalid. */
int tg_verdict_exit_code(enum tg_verdict verdict);

#endif
