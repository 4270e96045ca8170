/* What the tests of findings share: what is expected of a list, and the sample result. */
#ifndef TG_TESTS_FINDINGS_PLACE_H
#define TG_TESTS_FINDINGS_PLACE_H

#include <stdlib.h>
#include <string.h>

#include "reports/findings/findings.h"
#include "sample_result.h"

struct expected {
    const char *code;
    enum tg_finding_severity severity;
    const char *where;
};

static inline void expect_findings(const struct tg_findings *findings,
                                   const struct expected *expected, size_t count)
{
    for (size_t i = 0; i < findings->count || i < count; i++) {
        if (i >= findings->count)
            fail_msg("%s of %s is missing", expected[i].code, expected[i].where);
        if (i >= count)
            fail_msg("%s of %s is one too many", findings->items[i].code, findings->items[i].where);
        assert_string_equal(findings->items[i].code, expected[i].code);
        assert_string_equal(findings->items[i].where, expected[i].where);
        assert_int_equal(findings->items[i].severity, expected[i].severity);
    }
}

#define EXPECT(findings, list) expect_findings(&(findings), list, sizeof(list) / sizeof *(list))

static inline const struct tg_finding *find(const struct tg_findings *findings, const char *code)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->items[i].code, code) == 0)
            return &findings->items[i];
    }
    return NULL;
}

/* Every finding says what to do; what was not tried does not look as if it had been. */
static inline void check_advised(const struct tg_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct tg_finding *finding = &findings->items[i];
        if (!finding->remedy || !*finding->remedy)
            fail_msg("%s of %s has no remedy", finding->code, finding->where);
        if (!finding->verified)
            assert_null(finding->verification);
    }
}

struct sample {
    struct tg_result *result;
    struct tg_finding_limits limits;
    struct tg_arena arena;
};

static inline int set_up(void **state)
{
    struct sample *sample = tg_calloc(1, sizeof *sample);
    sample->result = tg_sample_result();
    sample->result->id = "memory_store-20251121T000000Z";
    sample->limits = tg_finding_limits_default();
    *state = sample;
    return 0;
}

static inline int tear_down(void **state)
{
    struct sample *sample = *state;
    tg_result_free(sample->result);
    tg_arena_free(&sample->arena);
    free(sample);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
