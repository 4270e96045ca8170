/* A small judge of XML for tests: elements are closed in order, attributes quoted, & and < escaped
 * (XML 1.0, section 2.1). Comments, CDATA and processing instructions are not expected. */
#ifndef TG_TESTS_UNIT_XML_JUDGE_H
#define TG_TESTS_UNIT_XML_JUDGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include "common/text.h"

static const char *xml_past_name(const char *at)
{
    while (isalnum((unsigned char)*at) || (*at && strchr(":-_.", *at)))
        at++;
    return at;
}

/* Reads the attributes of a tag, each NAME="VALUE" or NAME='VALUE', up to its ">" or "/>". */
static const char *xml_past_attributes(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n");
        if (*at == '>' || *at == '/')
            return at;
        const char *equals = xml_past_name(at);
        bool named = equals > at;
        equals += strspn(equals, " ");
        const char *value = *equals == '=' ? equals + 1 + strspn(equals + 1, " ") : "";
        bool quoted = *value == '"' || *value == '\'';
        const char *end = quoted ? strchr(value + 1, *value) : NULL;
        if (!named || !end || memchr(value, '<', (size_t)(end - value))) {
            fail_msg("no attribute: %.60s", at);
            return at;
        }
        at = end + 1;
    }
}

static void xml_assert_entity(const char *at)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (tg_starts_with(at, known[i]))
            return;
    fail_msg("a bare & at: %.40s", at);
}

static void assert_well_formed(const char *xml)
{
    enum { DEEPEST = 64 };
    struct {
        const char *name;
        size_t length;
    } open[DEEPEST];
    size_t depth = 0;
    size_t roots = 0;
    for (const char *at = xml; *at; at++) {
        if (*at == '&')
            xml_assert_entity(at);
        if (*at != '<')
            continue;
        bool closing = at[1] == '/';
        const char *name = at + 1 + closing;
        const char *end = xml_past_name(name);
        size_t length = (size_t)(end - name);
        if (closing) {
            bool matches = depth > 0 && *end == '>' && open[depth - 1].length == length &&
                           memcmp(open[depth - 1].name, name, length) == 0;
            if (!matches) {
                fail_msg("closes nothing: %.40s", at);
                return;
            }
            depth--;
            continue;
        }
        if (length == 0 || depth == DEEPEST) {
            fail_msg("no element: %.40s", at);
            return;
        }
        at = xml_past_attributes(end);
        roots += depth == 0;
        if (*at == '/') {
            assert_int_equal(at[1], '>');
            continue;
        }
        open[depth].name = name;
        open[depth++].length = length;
    }
    assert_int_equal(depth, 0);
    assert_int_equal(roots, 1);
}

#endif
