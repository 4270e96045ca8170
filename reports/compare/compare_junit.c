#include "reports/compare/compare_junit.h"

#include <string.h>

#include "reports/compare/compare_cases.h"
#include "reports/gate/gate_text.h"
#include "reports/gate/gate_words.h"
#include "reports/layout/markup.h"
#include "reports/page/page.h"

enum { COLUMNS_OF_TEXT = 100 };

static void add_attribute(struct tg_text *out, const char *name, const char *value)
{
    tg_text_addf(out, " %s=\"", name);
    tg_xml_text(out, value);
    tg_text_add(out, "\"");
}

/* A name that Ant's schema accepts: not empty. */
static void add_name(struct tg_text *out, const char *attribute, const char *name)
{
    add_attribute(out, attribute, name[strspn(name, " \t\r\n")] ? name : "(no name)");
}

static void add_seconds(struct tg_text *out, int64_t ns, size_t parts)
{
    double seconds = (double)ns / (double)TG_NS_PER_S / (double)(parts > 0 ? parts : 1);
    tg_text_addf(out, " time=\"%.3f\"", seconds > 0 ? seconds : 0.0);
}

/* ---- properties ---- */

static void add_property(struct tg_text *out, const char *name, const char *value)
{
    if (!value)
        return;
    tg_text_addf(out, "      <property name=\"%s\"", name);
    add_attribute(out, "value", value);
    tg_text_add(out, "/>\n");
}

static void add_commit(struct tg_text *out, const char *name, const struct tg_git *git)
{
    struct tg_text value = {0};
    if (!git->commit)
        return;
    tg_text_addf(&value, "%s%s", git->commit, git->dirty ? " with changes" : "");
    add_property(out, name, value.data);
    tg_text_free(&value);
}

static void add_gate_properties(const struct tg_compare_view *view, struct tg_text *out)
{
    const struct tg_gate_view *gate = &view->gate;
    struct tg_text text = {0};
    add_property(out, "comparison", gate->id);
    add_property(out, "verdict", gate->verdict);
    add_property(out, "meaning", gate->meaning);
    add_property(out, "task", gate->task);
    if (gate->competitive)
        add_property(out, "competitive", "true");
    add_property(out, "scenario", gate->scenario_path);
    add_property(out, "engine", gate->engine_kind);
    add_property(out, "before", gate->before);
    add_property(out, "after", gate->after);
    add_commit(out, "commit.before", &view->commits[TG_BEFORE]);
    add_commit(out, "commit.after", &view->commits[TG_AFTER]);
    add_property(out, "bundle.before", gate->sides[TG_BEFORE].bundle);
    add_property(out, "bundle.after", gate->sides[TG_AFTER].bundle);
    tg_gate_add_launches(gate, &text);
    add_property(out, "launches", text.data);
    tg_text_clear(&text);
    tg_gate_add_platform(gate, &text);
    add_property(out, "platform", text.data);
    tg_text_free(&text);
}

static void add_properties(const struct tg_compare_view *view, bool of_run, struct tg_text *out)
{
    tg_text_add(out, "    <properties>\n");
    if (of_run) {
        add_property(out, "result", view->run->id);
        add_commit(out, "commit", &view->commits[TG_AFTER]);
    } else {
        add_gate_properties(view, out);
    }
    add_property(out, "host", view->host);
    tg_text_add(out, "    </properties>\n");
}

/* ---- suites ---- */

static void add_case(const struct tg_case_list *list, const struct tg_case *one,
                     struct tg_text *out)
{
    static const char *const elements[TG_CASE_OUTCOMES] = {
        [TG_CASE_FAILED] = "failure",
        [TG_CASE_ERROR] = "error",
        [TG_CASE_SKIPPED] = "skipped",
    };
    const char *element = elements[one->outcome];
    const char *message = one->message ? one->message : "";
    tg_text_add(out, "    <testcase");
    add_name(out, "name", one->name);
    add_name(out, "classname", list->name);
    add_seconds(out, list->took_ns, list->count);
    if (!element) {
        tg_text_add(out, "/>\n");
        return;
    }
    tg_text_addf(out, ">\n      <%s type=\"%s\"", element, one->type);
    add_attribute(out, "message", message);
    if (one->outcome == TG_CASE_SKIPPED) {
        tg_text_add(out, "/>\n");
    } else {
        tg_text_add(out, ">");
        tg_xml_text(out, message); /* some show the one, some the other */
        tg_text_addf(out, "</%s>\n", element);
    }
    tg_text_add(out, "    </testcase>\n");
}

static void add_suite(const struct tg_compare_view *view, const struct tg_case_list *list,
                      size_t number, struct tg_text *out)
{
    struct tg_text text = {0};
    tg_text_add(out, "  <testsuite");
    add_name(out, "name", list->name);
    tg_text_addf(out, " package=\"tailgate\" id=\"%zu\" hostname=\"localhost\" timestamp=\"",
                 number);
    tg_gate_add_time_stamp(list->started_unix_ms, out);
    tg_text_addf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                 list->count, list->counts[TG_CASE_FAILED], list->counts[TG_CASE_ERROR],
                 list->counts[TG_CASE_SKIPPED]);
    add_seconds(out, list->took_ns, 1);
    tg_text_add(out, ">\n");
    add_properties(view, list->of_run, out);
    for (size_t i = 0; i < list->count; i++)
        add_case(list, &list->items[i], out);
    if (!list->of_run)
        tg_report_gate(&view->gate, COLUMNS_OF_TEXT, false, &text);
    tg_text_add(out, "    <system-out>");
    tg_xml_text(out, tg_text_string(&text));
    tg_text_add(out, "</system-out>\n    <system-err></system-err>\n  </testsuite>\n");
    tg_text_free(&text);
}

void tg_compare_junit(const struct tg_compare_view *view, const char *made_by, struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct tg_case_list lists[TG_CASE_LISTS];
    size_t count = tg_compare_cases(view, &arena, lists);
    tg_text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    tg_page_mark(made_by, out);
    tg_text_add(out, "\n<testsuites>\n");
    for (size_t i = 0; i < count; i++)
        add_suite(view, &lists[i], i, out);
    tg_text_add(out, "</testsuites>\n");
    tg_arena_free(&arena);
}
