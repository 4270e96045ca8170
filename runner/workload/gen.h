/* Value generators: what a scenario asks for (specs) and what makes the values (compiled). A
 * generated value is a pure function of (seed, place, index). */
#ifndef TG_RUNNER_WORKLOAD_GEN_H
#define TG_RUNNER_WORKLOAD_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "runner/workload/dist.h"
#include "runner/workload/value.h"

enum tg_gen_kind {
    TG_GEN_INT,    /* min + dist; as text when `as` is set. All distribution names and "format" */
    TG_GEN_FLOAT,  /* uniform on [min, max) or normal(mean, sd) */
    TG_GEN_TEXT,   /* words of letters, min_length .. max_length bytes */
    TG_GEN_CHOICE, /* weighted pick of constant values */
    TG_GEN_TIMESTAMP, /* start + dist * step, as text or number */
    TG_GEN_BOOL,      /* 1 with probability p, else 0 */
    TG_GEN_CONST,     /* one value */
    TG_GEN_JSON,      /* document from a template; count >= 0 makes an array of documents */
    TG_GEN_VECTOR,    /* packed float32 unit vector, little-endian */
    TG_GEN_PICK,      /* the value of another column in a loaded row drawn by dist */
    TG_GEN_GRAPH,     /* end of an edge in a Barabasi-Albert graph */
    TG_GEN_RETURNED,  /* column of the row returned last by an earlier statement of the same
                         operation */
};

enum tg_time_form { TG_TIME_ISO, TG_TIME_UNIX_S, TG_TIME_UNIX_MS };
enum tg_graph_end { TG_GRAPH_SOURCE, TG_GRAPH_TARGET };

struct tg_gen_spec;

struct tg_gen_field { /* of a JSON document */
    const char *name;
    const struct tg_gen_spec *spec;
};

struct tg_gen_choice {
    struct tg_value value;
    double weight; /* >= 0, some > 0 */
};

/* What the scenario says. Everything it points to lives in the scenario's arena. */
struct tg_gen_spec {
    enum tg_gen_kind kind;
    double null_fraction; /* share of the values that is NULL, 0 to 1 */
    struct tg_dist_spec dist;
    const char *as; /* int, pick: printf form with exactly one integer conversion (%d, %08d, %x);
                       NULL: the bare number (for pick: the value itself; a picked value that is no
                       whole number stays as it is) */
    int64_t min;    /* int: added to the draw */
    int64_t step;   /* int: factor of the draw, 1 by default; timestamp: ns between neighbours */
    double float_min, float_max;
    bool float_normal;
    double mean, sd;
    uint32_t min_length, max_length; /* text: bytes; drawn by dist over max - min + 1 lengths
                                        (dist.over itself is not read) */
    const struct tg_gen_choice *choices;
    size_t choice_count;
    int64_t start_unix_ns; /* timestamp */
    enum tg_time_form time_form;
    double probability; /* bool */
    struct tg_value constant;
    const struct tg_gen_field *fields; /* json */
    size_t field_count;
    int64_t count;     /* json: -1 one object, >= 0 an array of that many */
    uint32_t dims;     /* vector */
    uint32_t clusters; /* vector: 0 spherical, else number of cluster centres */
    double cluster_sd; /* vector: length of the noise around the unit centre: each dimension gets
                          normal noise of sd cluster_sd / sqrt(dims) */
    const char *table, *column; /* pick: drawn by dist over the rows of the table (dist.over itself
                                   is not read), rows >= 1; returned uses column only */
    enum tg_graph_end graph_end;
    uint64_t nodes; /* graph: >= degree + 1; nodes * degree edges, below 2^62 */
    uint64_t
        degree; /* graph: edges that each node brings, >= 1; the average degree is twice that */
};

/* A column of a loaded table, or a parameter of an operation. */
struct tg_gen_named {
    const char *name;
    struct tg_gen_spec spec;
};

struct tg_load_spec { /* rows of one table */
    const char *table;
    uint64_t rows;
    const struct tg_gen_named *columns; /* in the order of the scenario */
    size_t column_count;
};

/* ---- compiled ---- */

struct tg_gen; /* opaque */

/* What all generators of a workload share. */
struct tg_gen_scope {
    uint64_t seed;
    const struct tg_load_spec *loads; /* what picks refer to */
    size_t load_count;
    uint64_t next_first; /* where the distribution "next" begins to count */
    size_t picks;        /* how many picks led here: 0 to begin with */
};

/* Compiles `spec` for a place, such as "load/sessions/user_id". A pick compiles the column it
 * refers to for that column's own place, so that it gives the very value that was loaded. The
 * scenario has validated the spec: what it refers to exists and picks form no cycle. Lives in
 * `arena`; `spec` and the loads have to stay alive, `scope` itself not. */
struct tg_gen *tg_gen_compile(struct tg_arena *arena, const struct tg_gen_spec *spec,
                              const struct tg_gen_scope *scope, const char *place);

/* The value at `index`. Text and blobs are made in `scratch` and live until its reset.
 * TG_GEN_RETURNED gives NULL here: the engine fills it in. */
struct tg_value tg_gen_value(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch);

/* Is `as` a printf form with exactly one integer conversion (d, i, u, x, X, o; flags, width and
 * precision, no '*', no length modifier) and otherwise plain text or "%%"? */
bool tg_format_valid(const char *as);

#endif
