/* A stored result. What is accepted has to be written again as something that reads the same, and
 * to be reported without a control character. */
#include <stdlib.h>
#include <string.h>

#include "baselines/result_json.h"
#include "reports/run/run_text.h"
#include "tests/fuzz/fuzz.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

static char *document_of(const struct tg_result *result)
{
    cJSON *json = tg_result_to_json(result);
    char *text = tg_json_print(json);
    cJSON_Delete(json);
    return text;
}

static void round_trip(const struct tg_result *result)
{
    struct tg_diags diags = {0};
    struct tg_result *again = NULL;
    char *first = document_of(result);
    check(tg_result_parse(first, strlen(first), "first", &again, &diags) == TG_OK);
    char *second = document_of(again);
    check(strcmp(first, second) == 0);
    tg_result_free(again);
    free(second);
    free(first);
}

static void report(const struct tg_result *result)
{
    struct tg_text out = {0};
    tg_report_run(result, 60, false, &out);
    for (size_t i = 0; i < out.length; i++)
        check((unsigned char)out.data[i] >= 0x20 || out.data[i] == '\n');
    tg_text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tg_diags diags = {0};
    struct tg_result *result = NULL;
    enum tg_status status =
        tg_result_parse((const char *)data, size, "result.json", &result, &diags);
    check((status == TG_OK) == (result != NULL) && (status == TG_OK) == (diags.errors == 0));
    if (result) {
        round_trip(result);
        report(result);
    }
    tg_result_free(result);
    tg_diags_free(&diags);
    return 0;
}
