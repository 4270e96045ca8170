/* Cobertura XML, by its root: coverage-04.dtd requires line-rate, branch-rate and the counts; some
 * tools leave the counts out. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "reports/milestone/inputs.h"
#include "reports/milestone/xml.h"

#define ROOT_HINT "the root of one is <coverage line-rate=\"...\">"

/* False: there is no such attribute, or no whole number >= 0 in it. */
static bool count_of(const char **attributes, const char *name, int64_t *out)
{
    const char *text = tg_xml_attribute(attributes, name);
    if (!text || !*text || strspn(text, "0123456789") != strlen(text))
        return false;
    errno = 0;
    *out = strtoll(text, NULL, 10);
    return errno == 0;
}

/* NaN: none. */
static double rate_of(struct tg_xml *xml, const char **attributes, const char *name)
{
    const char *text = tg_xml_attribute(attributes, name);
    if (!text || !*text)
        return NAN;
    char *end;
    double rate = strtod(text, &end);
    if (*end == '\0' && rate >= 0 && rate <= 1)
        return rate;
    tg_xml_refuse(xml, "a rate is a number from 0 to 1", "%s is \"%s\"", name, text);
    return NAN;
}

static void start(struct tg_xml *xml, void *context, const char *name, const char **attributes)
{
    struct tg_milestone_code_coverage *coverage = context;
    int64_t valid, covered, branches;
    if (tg_xml_depth(xml) > 0)
        return;
    if (strcmp(name, "coverage") != 0) {
        tg_xml_refuse(xml, ROOT_HINT, "is no Cobertura report: its root is <%s>", name);
        return;
    }
    coverage->line_rate = rate_of(xml, attributes, "line-rate");
    coverage->branch_rate = rate_of(xml, attributes, "branch-rate");
    if (count_of(attributes, "lines-valid", &valid) &&
        count_of(attributes, "lines-covered", &covered)) {
        if (covered > valid || valid == 0)
            tg_xml_refuse(xml, "was anything built for coverage?", "%lld of %lld lines are covered",
                          (long long)covered, (long long)valid);
        coverage->lines = valid;
        coverage->lines_covered = covered;
        coverage->line_rate = (double)covered / (double)valid;
    }
    if (isnan(coverage->line_rate))
        tg_xml_refuse(xml, ROOT_HINT, "is no Cobertura report: its root has no line-rate");
    if (count_of(attributes, "branches-valid", &branches) && branches == 0)
        coverage->branch_rate = NAN;
}

enum tg_status tg_cobertura_parse(const char *text, size_t length, const char *path,
                                  struct tg_milestone_code_coverage *coverage,
                                  struct tg_diags *diags)
{
    struct tg_milestone_code_coverage read = {.given = true};
    const struct tg_xml_reader reader = {.start = start, .context = &read};
    enum tg_status status = tg_xml_read(text, length, path, &reader, diags);
    if (status == TG_OK)
        *coverage = read;
    return status;
}

enum tg_status tg_cobertura_read(const char *path, struct tg_milestone_code_coverage *coverage,
                                 struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, TG_INPUT_MOST_BYTES, &text, diags);
    if (status == TG_OK)
        status = tg_cobertura_parse(tg_text_string(&text), text.length, path, coverage, diags);
    tg_text_free(&text);
    return status;
}
