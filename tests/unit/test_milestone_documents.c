/* The Markdown documents of a milestone. */
#include "sample_milestone.h"
#include "tests/unit/golden.h"

#include "common/text.h"

typedef void document(const struct tg_milestone *milestone, struct tg_text *out);

static void check_document(enum tg_sample_milestone kind, document *write, const char *golden)
{
    struct tg_milestone *milestone = tg_sample_milestone(kind);
    struct tg_text out = {0};
    write(milestone, &out);
    check_golden(golden, &out);
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

static void approved_with_everything(void **state)
{
    (void)state;
    check_document(TG_SAMPLE_APPROVED, tg_milestone_validation, "milestone-approved-validation.md");
    check_document(TG_SAMPLE_APPROVED, tg_milestone_executive, "milestone-approved-executive.md");
    check_document(TG_SAMPLE_APPROVED, tg_milestone_quick_reference, "milestone-approved-quick.md");
    check_document(TG_SAMPLE_APPROVED, tg_milestone_chart_page, "milestone-approved-charts.md");
}

static void rejected_with_failures(void **state)
{
    (void)state;
    check_document(TG_SAMPLE_REJECTED, tg_milestone_validation, "milestone-rejected-validation.md");
    check_document(TG_SAMPLE_REJECTED, tg_milestone_executive, "milestone-rejected-executive.md");
    check_document(TG_SAMPLE_REJECTED, tg_milestone_quick_reference, "milestone-rejected-quick.md");
    check_document(TG_SAMPLE_REJECTED, tg_milestone_chart_page, "milestone-rejected-charts.md");
}

static void with_almost_no_data(void **state)
{
    (void)state;
    check_document(TG_SAMPLE_BARE, tg_milestone_validation, "milestone-bare-validation.md");
    check_document(TG_SAMPLE_BARE, tg_milestone_executive, "milestone-bare-executive.md");
    check_document(TG_SAMPLE_BARE, tg_milestone_quick_reference, "milestone-bare-quick.md");
    check_document(TG_SAMPLE_BARE, tg_milestone_chart_page, "milestone-bare-charts.md");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(approved_with_everything),
        cmocka_unit_test(rejected_with_failures),
        cmocka_unit_test(with_almost_no_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
