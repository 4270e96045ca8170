/* The sections of a scenario, one reader each. Each fills its part of reader->scenario and reports
 * all errors that it finds; a NULL node is a section that is not there. They are called in this
 * order. */
#ifndef TG_RUNNER_SCENARIO_SECTIONS_H
#define TG_RUNNER_SCENARIO_SECTIONS_H

#include "runner/scenario/fields.h"

/* [engine]: the engine, its settings and options, the schema files with their texts. */
void tg_read_engine(struct tg_reader *reader, const struct tg_toml_node *engine);
/* [load.TABLE]: rows and the generators of the columns. */
void tg_read_loads(struct tg_reader *reader, const struct tg_toml_node *load);
/* [op.NAME] */
void tg_read_ops(struct tg_reader *reader, const struct tg_toml_node *op);
/* [query.NAME] */
void tg_read_queries(struct tg_reader *reader, const struct tg_toml_node *query);
/* Finds the column of every pick and rejects picks that lead back to themselves. */
void tg_resolve_picks(struct tg_reader *reader);
/* [mix.NAME] and [[phase]], with warnings about operations and mixes that nothing uses. */
void tg_read_mixes(struct tg_reader *reader, const struct tg_toml_node *mix);
void tg_read_phases(struct tg_reader *reader, const struct tg_toml_node *phase);
/* [targets], [gate], [inject] and [sweep] */
void tg_read_targets(struct tg_reader *reader, const struct tg_toml_node *targets);
void tg_read_gate(struct tg_reader *reader, const struct tg_toml_node *gate);
void tg_read_inject(struct tg_reader *reader, const struct tg_toml_node *inject);
void tg_read_sweep(struct tg_reader *reader, const struct tg_toml_node *sweep);

/* Before any of them: chooses the table that the sizes of [sweep] are of and, when there is
 * sweep.at, sets the "rows" of the loads to what they are at that size. What is wrong with the
 * section is left to tg_read_sweep. */
void tg_sweep_scale(struct tg_scenario *scenario, const struct tg_toml_node *root,
                    struct tg_diags *diags);

/* ---- generators ---- */

struct tg_gen_context { /* whose value a generator makes */
    size_t load; /* number of the load and of its column; SIZE_MAX: an operation's parameter */
    size_t column;
    bool after_statement; /* parameter of an operation of several statements */
    bool nested;          /* a field of a document */
};

/* A generator table, or a constant. `spec` is complete but for picks when this returns. */
void tg_read_generator(struct tg_reader *reader, const struct tg_toml_node *node,
                       const struct tg_gen_context *context, struct tg_gen_spec *spec);

/* A generator while it is read. */
struct tg_gen_reader {
    struct tg_reader *reader;
    struct tg_fields fields;
    const struct tg_gen_context *context;
    struct tg_gen_spec *spec;
};

/* Whole numbers: start + step * draw of the distribution `kind`. */
void tg_read_gen_int(struct tg_gen_reader *gen, enum tg_dist_kind kind);
void tg_read_gen_timestamp(struct tg_gen_reader *gen);
void tg_read_gen_pick(struct tg_gen_reader *gen);
/* The key "by"; `fallback` when it is absent. */
enum tg_dist_kind tg_read_by(struct tg_gen_reader *gen, enum tg_dist_kind fallback);
/* Sets spec->dist.kind and reads what that distribution can be told, but for "over". */
void tg_read_dist(struct tg_gen_reader *gen, enum tg_dist_kind kind);
extern const char *const tg_dist_names[7]; /* by enum tg_dist_kind */

/* "2025-01-01", "2025-01-01T12:00:00", ".5", "Z", "+01:00" (no zone: UTC) to ns since 1970. False
 * when it is none or beyond 1678 to 2261. */
bool tg_parse_time_ns(const char *text, int64_t *unix_ns);

/* The number of the operation or load of that name, or SIZE_MAX. */
size_t tg_find_op(const struct tg_scenario *scenario, const char *name);
size_t tg_find_load(const struct tg_scenario *scenario, const char *name);
/* "did you mean ...?" over the names of the operations, or of the loads. */
void tg_hint_ops(struct tg_reader *reader, struct tg_diag *diag, const char *wanted);
void tg_hint_loads(struct tg_reader *reader, struct tg_diag *diag, const char *wanted);

/* tg_metric_parse with the error at a place. */
bool tg_read_metric(struct tg_reader *reader, struct tg_place at, const char *text,
                    struct tg_metric *metric);
/* Does the phase run the metric's operation? True for metrics of the whole phase. */
bool tg_phase_runs(const struct tg_phase *phase, const struct tg_metric *metric);
/* Response time and lag exist in open loop only. */
bool tg_metric_needs_rate(const struct tg_metric *metric);
extern const char *const tg_latency_names[4]; /* by enum tg_latency_kind; the default has none */
/* Is `text` a word of the metrics' language, and so no name for an operation? */
bool tg_is_metric_word(const char *text);

#endif
