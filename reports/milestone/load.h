/* What a milestone's file names, looked up and read: results, comparisons, sweeps, inputs. */
#ifndef TG_REPORTS_MILESTONE_LOAD_H
#define TG_REPORTS_MILESTONE_LOAD_H

#include "baselines/sweep_store.h"
#include "gate/comparison.h"
#include "reports/milestone/file.h"

struct tg_milestone_loaded_gate {
    struct tg_comparison
        *comparison;              /* owned; of two baselines the newer one; NULL: none was made */
    struct tg_comparison *stored; /* owned; the older baseline; else NULL */
    /* Of a task: what `tailgate compare` says of it, and the run after the change, which is one of
     * the results; NULL: of none. own_run is that run where another copy of it is listed there. */
    const struct tg_compare_view *task;
    struct tg_result *own_run; /* owned; else NULL */
    struct tg_gate_view view;  /* of a task, that of `task` */
    const char *name;          /* "task 001", "baseline v1 against v2"; "" */
};

struct tg_milestone_data {
    struct tg_result **results; /* owned, in the order of the file; those of tasks come last */
    size_t result_count;
    struct tg_milestone_loaded_gate *gates;
    size_t gate_count;
    struct tg_sweep_runs *sweeps;
    size_t sweep_count;
    struct tg_milestone_tests tests;
    struct tg_milestone_code_coverage code_coverage;
    const char **caveats; /* found while loading: a scenario that was changed since */
    size_t caveat_count;
};

/* Where what the file names is kept, and whom tasks are held against. Borrowed. */
struct tg_milestone_place {
    const char *home;
    const char *root;               /* of the project; NULL: there is none */
    const char *const *competitors; /* as in struct tg_attempt_source */
    size_t competitor_count;
};

/* Everything that is wrong goes into `diags`, not the first thing only. Free the data whatever is
 * returned; it borrows from `arena` and from the file. */
enum tg_status tg_milestone_load(const struct tg_milestone_file *file,
                                 const struct tg_milestone_place *place, struct tg_arena *arena,
                                 struct tg_milestone_data *data, struct tg_diags *diags) TG_CHECKED;
void tg_milestone_data_free(struct tg_milestone_data *data);

/* The milestone. Lives in `arena`, and borrows from the file and the data. */
struct tg_milestone *tg_milestone_make(const struct tg_milestone_file *file,
                                       const struct tg_milestone_data *data,
                                       struct tg_arena *arena);

#endif
