/* Reading typed values from the tree: type and range checks with places, missing and unknown keys
 * with hints. Everything a scenario's sections share. */
#ifndef TG_RUNNER_SCENARIO_FIELDS_H
#define TG_RUNNER_SCENARIO_FIELDS_H

#include "runner/scenario/scenario.h"
#include "runner/scenario/toml.h"

struct tg_pick_ref { /* a pick, to be resolved when all loads are known */
    struct tg_gen_spec *spec;
    const struct tg_toml_node *of; /* where it names its column */
    size_t load; /* the load and column whose value it makes; SIZE_MAX: an operation's parameter */
    size_t column;
    struct tg_pick_ref *next;
};

struct tg_mix { /* [mix.NAME], or a single operation that a phase names */
    const char *name;
    const struct tg_toml_node *node;
    struct tg_mix_entry *entries;
    size_t entry_count;
    bool used;
};

/* A scenario while it is read. */
struct tg_reader {
    struct tg_scenario *scenario; /* being filled; everything is allocated in its arena */
    struct tg_diags *diags;
    const struct tg_toml_node *root;
    const struct tg_scenario_files *files; /* NULL: those that the scenario names */
    struct tg_pick_ref *picks;             /* in file order */
    struct tg_pick_ref **picks_end;
    struct tg_mix *mixes;
    size_t mix_count;
};

/* The keys of one table, remembered as they are asked for: what was never asked for is unknown. */
enum { TG_FIELDS_LIMIT = 24 };
struct tg_fields {
    struct tg_reader *reader;
    const struct tg_toml_node *table;
    const char *asked[TG_FIELDS_LIMIT];
    size_t asked_count;
};

void tg_fields_open(struct tg_fields *fields, struct tg_reader *reader,
                    const struct tg_toml_node *table);
/* The value of `key`, or NULL; `key` is a literal. */
const struct tg_toml_node *tg_field(struct tg_fields *fields, const char *key);
/* The same, but a missing key is an error. `example` completes the hint "add KEY = EXAMPLE". */
const struct tg_toml_node *tg_field_required(struct tg_fields *fields, const char *key,
                                             const char *example);
/* Makes every key that was not asked for an error, with the nearest that was as the hint. */
void tg_fields_close(struct tg_fields *fields);

/* Errors at the value, or at the key, of `node`. */
struct tg_diag *tg_node_error(struct tg_reader *reader, const struct tg_toml_node *node,
                              const char *fmt, ...) TG_PRINTF(3, 4);
struct tg_diag *tg_key_error(struct tg_reader *reader, const struct tg_toml_node *node,
                             const char *fmt, ...) TG_PRINTF(3, 4);
/* "did you mean NEAREST?", or "LABEL: a, b, c" when nothing is near and there is something. */
void tg_hint_names(struct tg_diag *diag, const char *wanted, const char *const *names, size_t count,
                   const char *label);

/* Values. Each returns false, with an error unless `node` is NULL, and leaves *out alone, when the
 * value is of another type or out of range. Limits are included; `above` is not. */
bool tg_read_type(struct tg_reader *reader, const struct tg_toml_node *node,
                  enum tg_toml_type type);
bool tg_read_string(struct tg_reader *reader, const struct tg_toml_node *node, const char **out);
bool tg_read_bool(struct tg_reader *reader, const struct tg_toml_node *node, bool *out);
/* The key "format" of a document: 1, or an error. */
void tg_read_format(struct tg_reader *reader, const struct tg_toml_node *node);
bool tg_read_int(struct tg_reader *reader, const struct tg_toml_node *node, int64_t min,
                 int64_t max, int64_t *out);
/* An integer or decimal number from min to max. */
bool tg_read_number(struct tg_reader *reader, const struct tg_toml_node *node, double min,
                    double max, double *out);
bool tg_read_number_above(struct tg_reader *reader, const struct tg_toml_node *node, double above,
                          double max, double *out);
/* A fraction from 0 to 1: 0.05 or "5%". */
bool tg_read_fraction(struct tg_reader *reader, const struct tg_toml_node *node, double *out);
/* A duration such as "50ms", of at least min_ns. */
bool tg_read_duration(struct tg_reader *reader, const struct tg_toml_node *node, int64_t min_ns,
                      int64_t *out_ns);
/* A number per second above 0, or such as "1000/s". */
bool tg_read_rate(struct tg_reader *reader, const struct tg_toml_node *node, double *out_per_s);
/* A number of bytes, or such as "4KiB". */
bool tg_read_bytes(struct tg_reader *reader, const struct tg_toml_node *node, int64_t min,
                   int64_t max, int64_t *out);
/* One of `words`; *out is its number. */
bool tg_read_word(struct tg_reader *reader, const struct tg_toml_node *node,
                  const char *const *words, size_t count, size_t *out);
/* A string, or an array of strings with at least one: the nodes, in the arena. *count is 0 after an
 * error. */
const struct tg_toml_node **tg_read_strings(struct tg_reader *reader,
                                            const struct tg_toml_node *node, size_t *count);

/* Is it a letter or '_', then letters, digits and '_'? */
bool tg_is_identifier(const char *text);

#endif
