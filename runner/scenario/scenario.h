/* A scenario: the TOML file, read, validated and resolved. docs/scenario.md documents every key. */
#ifndef TG_RUNNER_SCENARIO_SCENARIO_H
#define TG_RUNNER_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/diag.h"
#include "common/hash.h"
#include "runner/engine/engine.h"
#include "runner/workload/stream.h"

struct tg_toml_node;

enum tg_arrival { TG_ARRIVAL_CONSTANT, TG_ARRIVAL_POISSON };

struct tg_plan_expect { /* of an operation or a query: what its plan has to look like */
    bool given;
    const char *index; /* NULL: any; else every search has to use this one at least once */
    int scan;          /* -1: not said; 0: must not scan (table or index); 1: may */
    int table_scan;    /* the same for table scans alone */
    int temp_btree;
    int auto_index;
    struct tg_place place;
};

struct tg_op {
    const char *name;
    const struct tg_gen_named *params; /* the generators of :name parameters */
    size_t param_count;
    int64_t expect_rows_min; /* -1: no expectation */
    int64_t expect_rows_max;
    struct tg_plan_expect plan;
    struct tg_engine_op engine; /* what the engine is handed */
};

struct tg_query { /* [query.NAME]: planned by `tailgate plan`, never run */
    const char *name;
    const char *sql;
    struct tg_plan_expect plan;
    struct tg_place sql_place;
};

struct tg_phase {
    const char *name;
    const char *mix;              /* name of the mix, or of the single operation */
    struct tg_mix_entry *entries; /* of that mix */
    size_t entry_count;
    double rate_per_s; /* > 0: open loop at this rate; 0: closed loop */
    enum tg_arrival arrival;
    uint32_t workers;    /* >= 1 */
    int64_t duration_ns; /* > 0, or 0 when `count` limits the phase */
    uint64_t count;      /* > 0: so many operations in all; 0: by duration */
    int64_t warmup_ns;   /* unrecorded head of the phase; 0: none */
    struct tg_place place;
};

enum tg_metric_kind {
    TG_METRIC_PERCENTILE, /* of a latency */
    TG_METRIC_MEAN,
    TG_METRIC_MIN,
    TG_METRIC_MAX,
    TG_METRIC_RATE, /* successful operations per second */
    TG_METRIC_COUNT,
    TG_METRIC_ERRORS,     /* failed operations */
    TG_METRIC_ERROR_RATE, /* failed / all */
    TG_METRIC_RETRIES,
    TG_METRIC_ELAPSED, /* the phase's own duration */
    TG_METRIC_RSS,     /* peak resident memory of the process that ran the store, bytes */
    TG_METRIC_CPU,     /* CPU seconds per second, 1 = one core */
    TG_METRIC_STALLS,  /* in a gate: share of operations slower than p99.9 was before */
};

enum tg_latency_kind {
    TG_LATENCY_DEFAULT, /* response in open loop, service in closed loop */
    TG_LATENCY_RESPONSE,
    TG_LATENCY_SERVICE,
    TG_LATENCY_LAG,
};

struct tg_metric {    /* "session_get.p99", "rate", "lag.p99", "session_get.service.p50" */
    const char *text; /* as written */
    int32_t op;       /* -1: the whole phase */
    enum tg_latency_kind latency;
    enum tg_metric_kind kind;
    double percentile; /* 0 < p <= 100 */
};

enum tg_compare { TG_LESS, TG_LESS_EQUAL, TG_GREATER, TG_GREATER_EQUAL, TG_EQUAL };

struct tg_target { /* "session_get.p99 < 50ms" */
    const char *text;
    uint32_t phase;
    struct tg_metric metric;
    enum tg_compare compare;
    double limit; /* ns, per second, a count, a fraction, bytes: by the metric */
    struct tg_place place;
};

struct tg_gate_spec { /* [gate]: read and validated here, used by the gate */
    bool given;
    struct tg_metric *metrics;
    size_t metric_count;
    const struct tg_named_margin {
        const char *name; /* "p99", "rate", or a full metric */
        double fraction;
        struct tg_place place;
    } * margins;
    size_t margin_count;
    int64_t budget_ns;
};

struct tg_inject {    /* [inject]: a slowdown of known size, of one operation */
    double add_share; /* > 0: of the operation's own service time; 0: add_ns says it */
    int64_t add_ns;   /* > 0: a fixed wait; with add_share 0: the operation is not slowed */
    double of;        /* 0 < of <= 1: the pseudo-random share that is slowed */
    double slowest;   /* 0 < slowest <= 1: only this slowest share is slowed */
};

/* Fewer than the indices that one phase may take from the generator "next", so that the keys of
 * loaded rows and of operations never meet. */
#define TG_MOST_ROWS INT64_C(100000000000)

struct tg_sweep_spec { /* [sweep]: the sizes that `tailgate run` measures */
    bool given;
    const char *table;     /* whose rows are the size; the other tables keep their ratio to it */
    const uint64_t *sizes; /* smallest first, no two alike */
    size_t size_count;
    const uint64_t *full_sizes; /* with --full: further ones, in the same order */
    size_t full_size_count;
    const struct tg_full_load { /* with --full: rows in place of those of [load.TABLE] */
        const char *table;
        uint64_t rows;
    } * full_loads;
    size_t full_load_count;
    uint64_t at; /* > 0: the loads are scaled to this size, and nothing is swept */
};

struct tg_scenario {
    struct tg_arena arena;
    const char *path;   /* as the user gave it */
    const char *folder; /* what relative paths of the scenario are relative to */
    const char *text;   /* of the file, as it was read; for whoever keeps a copy */
    size_t text_length;
    const struct tg_toml_node
        *root; /* the document with the overrides applied; runner/scenario/diff.h */
    const char *name;
    const char *description; /* "" when absent */
    uint64_t seed;
    const struct tg_engine *engine;
    struct tg_store_spec store; /* complete but for `folder` */
    struct tg_load_spec *loads;
    size_t load_count;
    struct tg_op *ops;
    size_t op_count;
    struct tg_query *queries;
    size_t query_count;
    struct tg_phase *phases; /* file order */
    size_t phase_count;
    struct tg_target *targets; /* file order */
    size_t target_count;
    struct tg_gate_spec gate;
    struct tg_sweep_spec sweep;
    const struct tg_inject *injects;  /* one per operation; NULL: nothing is slowed */
    struct tg_workload_spec workload; /* the stream's view of all the above */
    char hash[TG_HASH_TEXT];         /* of the effective scenario: its canonical text with overrides
                                        applied,         and the schema files */
    char dataset_hash[TG_HASH_TEXT]; /* of what determines the loaded data: seed, loads, schema,
                                        settings that shape the file, a library given as a file */
    char library_sha256[TG_HASH_TEXT]; /* of that file; "": there is none that can be read */
};

struct tg_override { /* --set KEY=VALUE */
    const char *
        key; /* dotted path: "engine.pragma.cache_size", "phase.steady.rate", "targets.steady[0]" */
    const char *value;  /* TOML value; a bare word that is no TOML value is taken as a string */
    const char *option; /* that gave it, for messages; NULL: --set */
};

/* Reads, checks and resolves a scenario. All errors of the file are put into `diags`, not the first
 * only. *scenario is set on success alone; free with tg_scenario_free. */
enum tg_status tg_scenario_load(const char *path, const struct tg_override *overrides,
                                size_t override_count, struct tg_scenario **scenario,
                                struct tg_diags *diags) TG_CHECKED;
void tg_scenario_free(struct tg_scenario *scenario);

/* tg_scenario_load at one size of its sweep: `rows` in `table`, which is scenario->sweep.table. The
 * same as the override TG_SWEEP_AT=ROWS, but errors say at which size they are, and warnings, which
 * the scenario as it stands has as well, are left out. */
enum tg_status tg_scenario_load_size(const char *path, const struct tg_override *overrides,
                                     size_t override_count, const char *table, uint64_t rows,
                                     struct tg_scenario **scenario,
                                     struct tg_diags *diags) TG_CHECKED;
#define TG_SWEEP_AT "sweep.at"

struct tg_scenario_files {     /* copies, to be used in place of what the scenario names */
    const char *library;       /* NULL: as the scenario says */
    const char *const *schema; /* one for each of engine.schema, in its order */
    size_t schema_count;
};

/* tg_scenario_load with copies of the other files, wherever they lie; the hashes are those of the
 * scenario with its own files, as long as the copies have the same content. */
enum tg_status tg_scenario_load_stored(const char *path, const struct tg_scenario_files *files,
                                       const struct tg_override *overrides, size_t override_count,
                                       struct tg_scenario **scenario,
                                       struct tg_diags *diags) TG_CHECKED;

/* Parses a metric of the phase-less part of the language, such as "session_get.p99" (op names are
 * looked up in `scenario`). False: not a metric; *why says what is wrong, in the scenario's arena,
 * and *hint may name the nearest. */
bool tg_metric_parse(struct tg_scenario *scenario, const char *text, struct tg_metric *metric,
                     const char **why, const char **hint);

/* *number is that of the phase called `name`. Another name is an error with the nearest one. */
enum tg_status tg_phase_find(const struct tg_scenario *scenario, const char *name, uint32_t *number,
                             struct tg_diags *diags) TG_CHECKED;

/* What is gated in a phase where [gate] names no metrics: p50, p95 and p99 of each operation's
 * service time, in the order of the mix, and the rate. `metrics` has room for 3 * entry_count + 1.
 * Returns how many there are; texts are in the scenario's arena. */
size_t tg_gate_usual(struct tg_scenario *scenario, const struct tg_phase *phase,
                     struct tg_metric *metrics);
/* Whether a margin that is called `named` is one of the gated `metric`: of its operation, or of all
 * of them. */
bool tg_margin_covers(const struct tg_metric *named, const struct tg_metric *metric);

#endif
