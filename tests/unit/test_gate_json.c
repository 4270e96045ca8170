#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reports/gate/gate_json.h"
#include "tests/unit/golden.h"
#include "tests/unit/sample_gate.h"

static void the_document(void **state)
{
    (void)state;
    cJSON *json = tg_gate_to_json(&sample_gate);
    struct tg_text text = {.data = tg_json_print(json)};
    text.length = strlen(text.data);
    check_golden("gate.json", &text);
    cJSON_Delete(json);
    free(text.data);
}

/* Every key of the document, at any depth, stands in docs/verdict.md as `KEY`. */
static void check_documented(const cJSON *json, const char *page)
{
    for (const cJSON *child = json->child; child; child = child->next) {
        if (child->string) {
            char *quoted = tg_format("`%s`", child->string);
            if (!strstr(page, quoted))
                fail_msg("docs/verdict.md does not say what %s is", quoted);
            free(quoted);
        }
        check_documented(child, page);
    }
}

static void every_key_is_documented(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    struct tg_text page = {0};
    struct tg_gate_view gate = sample_gate;
    gate.crash = "the worker process was ended by signal 6 (Aborted)";
    cJSON *json = tg_gate_to_json(&gate);
    assert_int_equal(tg_file_read("docs/verdict.md", 1 << 20, &page, &diags), TG_OK);
    check_documented(json, page.data);
    cJSON_Delete(json);
    tg_text_free(&page);
    tg_diags_free(&diags);
}

/* What the words are when it did not end with a regression. */
static void other_endings(void **state)
{
    (void)state;
    struct tg_gate_view gate = sample_gate;
    const char *text;
    const cJSON *crash;
    gate.bad = false;
    gate.end = TG_END_CRASHED;
    gate.failed_side = TG_BEFORE;
    gate.crash = "signal 6";
    gate.steal_ns = -1;
    cJSON *json = tg_gate_to_json(&gate);
    assert_true(tg_json_get_string(json, "verdict", &text));
    assert_string_equal(text, "inconclusive");
    assert_true(tg_json_get_string(json, "end", &text));
    assert_string_equal(text, "crashed");
    crash = tg_json_get(json, "crash");
    assert_true(tg_json_get_string(crash, "side", &text));
    assert_string_equal(text, "before");
    assert_true(tg_json_get_string(crash, "how", &text));
    assert_string_equal(text, "signal 6");
    assert_true(cJSON_IsNull(tg_json_get(json, "steal_ns")));
    cJSON_Delete(json);
    gate.good = true;
    json = tg_gate_to_json(&gate);
    assert_true(tg_json_get_string(json, "verdict", &text));
    assert_string_equal(text, "pass");
    cJSON_Delete(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document),
        cmocka_unit_test(every_key_is_documented),
        cmocka_unit_test(other_endings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
