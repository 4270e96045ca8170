/* The file of a milestone: what `tailgate report milestone` is told. docs/milestone.md documents
 * every key. Read and checked; what it names is looked up by load.h. */
#ifndef TG_REPORTS_MILESTONE_FILE_H
#define TG_REPORTS_MILESTONE_FILE_H

#include "reports/milestone/milestone.h"

struct tg_milestone_name { /* of a result, a scenario, a phase, ..., and where it stands */
    const char *text;
    struct tg_place place;
};

struct tg_milestone_names {
    struct tg_milestone_name *items;
    size_t count;
};

enum tg_before_kind { TG_BEFORE_TASK, TG_BEFORE_COMPARISON, TG_BEFORE_BASELINE };

struct tg_milestone_before { /* a comparison that was made already */
    enum tg_before_kind kind;
    const char *name; /* of the task, the comparison, or the baseline */
    const char *now;  /* the baseline that is held against that one; else NULL */
    bool competitive; /* of a task */
    struct tg_place place;
};

enum tg_measure { /* what a criterion looks at; the words are in file_criteria.c */
                  TG_MEASURE_TARGETS,
                  TG_MEASURE_RESULTS,
                  TG_MEASURE_PLANS,
                  TG_MEASURE_GATE,
                  TG_MEASURE_INTEGRITY,
                  TG_MEASURE_TESTS,
                  TG_MEASURE_CODE_COVERAGE,
                  TG_MEASURE_FINDINGS,
                  TG_MEASURE_SIZES,
                  TG_MEASURE_CAPACITY,
                  TG_MEASURE_GROWTH,
                  TG_MEASURES,
};

enum tg_target_class { /* what a target limits */
                       TG_TARGET_LATENCY,
                       TG_TARGET_RATE,
                       TG_TARGET_ERRORS, /* and retries */
                       TG_TARGET_ELAPSED,
                       TG_TARGET_RESOURCES, /* memory, CPU */
                       TG_TARGET_COUNTS,
                       TG_TARGET_CLASSES,
};

struct tg_milestone_measure { /* a criterion as it is written */
    const char *name;
    double weight; /* >= 0 */
    bool must, implied;
    enum tg_measure measure;
    double at_least;      /* share that is asked for: (0, 1] */
    unsigned classes;     /* of targets: bits 1 << enum tg_target_class; 0: all */
    bool operations_only; /* of plans: without the queries that are planned and not run */
    bool branches;        /* of code coverage; else lines */
    enum tg_finding_severity severity; /* of findings: this one and worse */
    int64_t most_findings;
    double rows;     /* of capacity */
    double exponent; /* of growth: its upper bound is at most this */
    struct tg_milestone_names scenarios, phases, operations; /* patterns as of fnmatch; none: all */
};

struct tg_milestone_file {
    const char *path, *folder; /* paths in it are relative to that folder */
    const char *project, *name;
    const char *version, *date, *summary; /* "" when not said */
    double approve_at;                    /* 0 to 100; NaN: not said */
    struct tg_milestone_names results, scenarios, sweeps;
    struct tg_milestone_before *befores;
    size_t before_count;
    struct tg_milestone_names junit;
    struct tg_milestone_name cobertura, lcov; /* text NULL: not given */
    struct tg_finding_limits limits;
    struct tg_milestone_measure *measures;
    size_t measure_count;
    struct tg_findings findings; /* written by hand, in the order of the file */
    struct tg_milestone_advice *recommendations, *next_steps;
    size_t recommendation_count, next_step_count;
    struct tg_milestone_notes achievements, meaning, risks, key_files, run_commands;
};

/* "targets", "gate", ...: indexed by the enumerations. */
extern const char *const tg_measure_words[TG_MEASURES];
extern const char *const tg_target_class_words[TG_TARGET_CLASSES];

/* Reads the file. All errors of it are put into `diags`. In `arena`. */
enum tg_status tg_milestone_file_read(const char *path, struct tg_arena *arena,
                                      struct tg_milestone_file *file,
                                      struct tg_diags *diags) TG_CHECKED;
/* The same from text, for who has it in memory. Untrusted input. */
enum tg_status tg_milestone_file_parse(const char *text, size_t length, const char *path,
                                       struct tg_arena *arena, struct tg_milestone_file *file,
                                       struct tg_diags *diags) TG_CHECKED;

/* Does one of the patterns match? Without patterns everything does. */
bool tg_milestone_matches(const struct tg_milestone_names *patterns, const char *name);

/* ---- shared by the files that read it ---- */

struct tg_fields;
struct tg_reader;
struct tg_toml_node;

/* A string, or an array of strings with at least one; leaves *names empty after an error. */
void tg_milestone_read_names(struct tg_reader *reader, struct tg_arena *arena,
                             const struct tg_toml_node *node, struct tg_milestone_names *names);
/* A string that is not empty. */
void tg_milestone_read_text(struct tg_reader *reader, const struct tg_toml_node *node,
                            const char **out);
/* The table of one criterion. */
void tg_milestone_read_measure(struct tg_reader *reader, struct tg_arena *arena,
                               const struct tg_toml_node *node, struct tg_milestone_measure *out);

#endif
