/* The project file, tailgate.toml: what the commands about tasks take when they are not told
 * otherwise. docs/project.md documents every key. */
#ifndef TG_CLI_PROJECT_H
#define TG_CLI_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/diag.h"
#include "runner/scenario/scenario.h"

struct tg_project_gate {
    const char *scenario; /* path; NULL: none is named */
    double margin;        /* > 0: of every metric but stalls, in place of the scenario's; else 0 */
    /* In place of the scenario's margins of the same names: overrides of gate.margin.NAME. */
    struct tg_override *margins;
    size_t margin_count;
    int64_t budget_ns; /* 0: the scenario's */
};

struct tg_project {
    struct tg_arena arena;
    const char *root; /* its folder: ".", "..", ...; NULL: there is no project */
    struct tg_project_gate internal;
    struct tg_project_gate competitive; /* its margin is never unsaid: 10 % */
    const char **competitors;           /* names of files, without .toml; none: all there are */
    size_t competitor_count;
    const char *log; /* path; NULL: none */
};

/* Reads the project file of the project that the working directory lies in; without one, all is as
 * if nothing was said in it. All errors are found. Free with tg_project_free in any case. */
enum tg_status tg_project_load(struct tg_project *project, struct tg_diags *diags) TG_CHECKED;
void tg_project_free(struct tg_project *project);

/* `path`, which is relative to the working directory, as it is called from the project's root; as
 * it is outside of a project, and for what does not lie in it. In `arena`. */
const char *tg_project_from_root(const struct tg_project *project, const char *path,
                                 struct tg_arena *arena);
/* The other way round. */
const char *tg_project_to_here(const struct tg_project *project, const char *path,
                               struct tg_arena *arena);

#endif
