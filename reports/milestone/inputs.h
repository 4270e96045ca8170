/* What other tools measured about the user's code: tests as JUnit XML, coverage as Cobertura XML or
 * lcov text. Untrusted input: any bytes give figures or errors at `path`, never a crash. */
#ifndef TG_REPORTS_MILESTONE_INPUTS_H
#define TG_REPORTS_MILESTONE_INPUTS_H

#include "common/arena.h"
#include "common/diag.h"
#include "reports/milestone/milestone.h"

enum {
    TG_INPUT_MOST_BYTES = 64 << 20,
    TG_TESTS_MOST_FAILURES = 20, /* that are told one by one */
};

/* Adds the suites of a report (their test cases are counted, not their attributes believed) to
 * *tests, zeroed or of earlier calls with the same arena. */
enum tg_status tg_junit_parse(const char *text, size_t length, const char *path,
                              struct tg_arena *arena, struct tg_milestone_tests *tests,
                              struct tg_diags *diags) TG_CHECKED;
enum tg_status tg_junit_read(const char *path, struct tg_arena *arena,
                             struct tg_milestone_tests *tests, struct tg_diags *diags) TG_CHECKED;

/* *coverage is set on success alone. */
enum tg_status tg_cobertura_parse(const char *text, size_t length, const char *path,
                                  struct tg_milestone_code_coverage *coverage,
                                  struct tg_diags *diags) TG_CHECKED;
enum tg_status tg_cobertura_read(const char *path, struct tg_milestone_code_coverage *coverage,
                                 struct tg_diags *diags) TG_CHECKED;

/* A tracefile as geninfo(1) documents it. A line or branch that several tests reached counts once.
 * *coverage is set on success alone. */
enum tg_status tg_lcov_parse(const char *text, size_t length, const char *path,
                             struct tg_milestone_code_coverage *coverage,
                             struct tg_diags *diags) TG_CHECKED;
enum tg_status tg_lcov_read(const char *path, struct tg_milestone_code_coverage *coverage,
                            struct tg_diags *diags) TG_CHECKED;

#endif
