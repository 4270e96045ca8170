/* The data set of a scenario: built once, cached under HOME/cache by the hash of everything that
 * determines it, copied for each launch into a folder of its own under HOME/run. */
#ifndef TG_RUNNER_DRIVE_DATASET_H
#define TG_RUNNER_DRIVE_DATASET_H

#include <signal.h>

#include "runner/drive/observer.h"
#include "runner/scenario/scenario.h"

struct tg_dataset {
    char *folder;       /* for the store to open; owned, removed by tg_dataset_release */
    bool named;         /* one of several of this process, in a folder that they share */
    bool build_at_open; /* nothing to copy: the store is built when it is opened */
    bool cached;        /* an earlier build was used */
    int64_t prepare_ns; /* building and copying */
    int64_t bytes;      /* of the copy; 0 with build_at_open */
    char *crash;        /* how the store crashed that built it; NULL: it did not. Owned */
    int crash_signal;   /* ... as in tg_worker */
};

struct tg_dataset_spec {
    const struct tg_scenario *scenario;
    const struct tg_workload *workload;
    const char *home;
    const char *name; /* of the copy, where a process needs several at a time; NULL: it needs one */
    bool checked;     /* this process has held the cached data set against its seal before */
    const volatile sig_atomic_t *stop;
    struct tg_observer observer;
};

/* Makes the folder, with the data in it unless the store lives in memory. Whatever is returned,
 * *dataset has to be released. TG_STORE: the store refused the data, or crashed. */
enum tg_status tg_dataset_prepare(const struct tg_dataset_spec *spec, struct tg_dataset *dataset,
                                  struct tg_diags *diags) TG_CHECKED;
void tg_dataset_release(struct tg_dataset *dataset);

#endif
