/* A stored comparison. What is accepted has to be written again as something that reads the same
 * and is judged the same, and to be reported without a control character. */
#include <stdlib.h>
#include <string.h>

#include "baselines/comparison_json.h"
#include "reports/gate/gate_text.h"
#include "tests/fuzz/fuzz.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

static char *document_of(const struct tg_comparison *comparison)
{
    cJSON *json = tg_comparison_to_json(comparison);
    char *text = tg_json_print(json);
    cJSON_Delete(json);
    return text;
}

/* What a person is told of it. */
static struct tg_text report_of(const struct tg_comparison *comparison)
{
    struct tg_arena arena = {0};
    struct tg_text out = {0};
    const struct tg_judgement judgement = tg_comparison_judge(comparison, &arena);
    const struct tg_gate_view view = tg_gate_view_make(comparison, &judgement, false, &arena);
    check(judgement.exit_code == 0 || judgement.exit_code == 1 || judgement.exit_code == 3);
    tg_report_gate(&view, 80, false, &out);
    for (size_t i = 0; i < out.length; i++)
        check((unsigned char)out.data[i] >= 0x20 || out.data[i] == '\n');
    tg_arena_free(&arena);
    return out;
}

static void round_trip(const struct tg_comparison *comparison)
{
    struct tg_diags diags = {0};
    struct tg_comparison *again = NULL;
    char *first = document_of(comparison);
    check(tg_comparison_parse(first, strlen(first), "first", &again, &diags) == TG_OK);
    char *second = document_of(again);
    check(strcmp(first, second) == 0);
    struct tg_text told = report_of(comparison);
    struct tg_text told_again = report_of(again);
    check(strcmp(tg_text_string(&told), tg_text_string(&told_again)) == 0);
    tg_text_free(&told_again);
    tg_text_free(&told);
    tg_comparison_free(again);
    free(second);
    free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tg_diags diags = {0};
    struct tg_comparison *comparison = NULL;
    enum tg_status status =
        tg_comparison_parse((const char *)data, size, "comparison.json", &comparison, &diags);
    check((status == TG_OK) == (comparison != NULL) && (status == TG_OK) == (diags.errors == 0));
    if (comparison)
        round_trip(comparison);
    tg_comparison_free(comparison);
    tg_diags_free(&diags);
    return 0;
}
