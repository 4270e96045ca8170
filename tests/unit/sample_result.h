/* A result made by hand, with every part filled: what the tests of the store and of the reports
 * read and write. The values are chosen, not measured. */
#ifndef TG_TESTS_SAMPLE_RESULT_H
#define TG_TESTS_SAMPLE_RESULT_H

#include "runner/drive/result.h"

/* Two phases (open loop at 1,000/s with errors, closed loop with few operations), four targets of
 * all three statuses, coverage, a violation-free check, verdict fail. Free with tg_result_free. */
struct tg_result *tg_sample_result(void);

#endif
