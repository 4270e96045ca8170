/* The machine that a result was measured on, and a fingerprint of what makes numbers comparable. */
#ifndef TG_BASELINES_HOST_H
#define TG_BASELINES_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/hash.h"
#include "common/json.h"
#include "runner/engine/engine.h"

/* Texts are "unknown" where the system does not say. Nothing in it changes with a reboot alone. */
struct tg_host {
    const char *cpu_model;
    int64_t cpus; /* online */
    int64_t memory_bytes;
    const char *kernel;               /* release: "6.1.0-28-amd64" */
    const char *distribution;         /* "Debian GNU/Linux 12 (bookworm)" */
    const char *architecture;         /* "x86_64" */
    const char *clock_source;         /* of the kernel: "tsc" */
    const char *governor;             /* of the CPU frequency, "none" where there is none */
    const char *virtualisation;       /* "none", "kvm", "docker", "docker on kvm", ... */
    struct tg_named_value *libraries; /* tailgate, compiler, libc, zlib, cjson: name and version */
    size_t library_count;
    /* SHA-256 over CPU model, number of CPUs, memory in whole GiB, architecture, kernel version up
     * to the minor number, clock source, governor and virtualisation. */
    char fingerprint[TG_HASH_TEXT];
};

/* Never fails: what cannot be found out is "unknown" (or 0). Texts live in `arena`. */
void tg_host_read(struct tg_arena *arena, struct tg_host *host);
/* The same with the files of /proc, /sys, /etc, /run taken from below the folder `root`; "" is the
 * real machine. The number of CPUs, the kernel and the libraries are always those of this one. */
void tg_host_read_below(const char *root, struct tg_arena *arena, struct tg_host *host);

/* Document part "host"; docs/result.md. */
cJSON *tg_host_to_json(const struct tg_host *host);
/* False when `json` is not such a part. Texts are copied into `arena`. The fingerprint is computed
 * again, so that an edited document cannot claim to come from another machine. */
bool tg_host_from_json(const cJSON *json, struct tg_arena *arena, struct tg_host *host);

/* "AMD EPYC, 2 CPUs, 24 GiB, Linux 6.1.0, kvm". Lives in `arena`. */
const char *tg_host_line(const struct tg_host *host, struct tg_arena *arena);

/* What makes numbers of the two incomparable: "CPU model A there, B here; 2 CPUs there, 4 here",
 * `there` being the first. NULL exactly when the fingerprints are equal. Lives in `arena`. */
const char *tg_host_difference(const struct tg_host *there, const struct tg_host *here,
                               struct tg_arena *arena);

/* The version of one of the libraries; NULL when it is not among them. */
const char *tg_host_library(const struct tg_host *host, const char *name);

struct tg_git {
    const char *commit; /* full hash, NULL: not in a repository, or no git */
    bool dirty;         /* tracked files differ from the commit */
};

/* Asks the program `git` about the working directory; waits at most two seconds for each answer.
 * Never fails. The commit lives in `arena`. */
void tg_git_read(struct tg_arena *arena, struct tg_git *git);

#endif
