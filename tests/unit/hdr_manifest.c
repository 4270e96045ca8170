#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/file.h"
#include "tests/unit/hdr_manifest.h"

struct tg_text manifest_read_file(const char *path)
{
    struct tg_text text = {0};
    struct tg_diags diags = {0};
    if (tg_file_read(path, 1 << 20, &text, &diags) != TG_OK)
        fail_msg("%s: %s", path, diags.items[0].message);
    tg_diags_free(&diags);
    return text;
}

bool manifest_next_line(char **at, char **line)
{
    do {
        *line = *at;
        char *newline = strchr(*at, '\n');
        if (newline == NULL)
            return false;
        *newline = '\0';
        *at = newline + 1;
    } while (**line == '#');
    return true;
}

void manifest_field(const char *line, const char *key, char value[MANIFEST_FIELD])
{
    size_t length = strlen(key);
    for (const char *at = line; at != NULL; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, key, length) == 0 && at[length] == '=') {
            size_t size = strcspn(at + length + 1, " ");
            assert_true(size < MANIFEST_FIELD);
            memcpy(value, at + length + 1, size);
            value[size] = '\0';
            return;
        }
    }
    fail_msg("no field %s in: %s", key, line);
}

static void assert_integer(const char *line, const char *key, int64_t actual)
{
    char value[MANIFEST_FIELD];
    manifest_field(line, key, value);
    int64_t expected = strtoll(value, NULL, 10);
    if (actual != expected)
        fail_msg("%s is %lld in: %s", key, (long long)actual, line);
}

/* Equal but for the order in which a sum was rounded. */
static void assert_close(const char *line, const char *key, double actual)
{
    char value[MANIFEST_FIELD];
    manifest_field(line, key, value);
    double expected = strtod(value, NULL);
    double difference = actual > expected ? actual - expected : expected - actual;
    if (!(difference <= 1e-9 * expected))
        fail_msg("%s is %.17g in: %s", key, actual, line);
}

int manifest_assert_figures(const char *line, const struct tg_hdr *hdr)
{
    assert_integer(line, "total", hdr->total);
    if (hdr->total > 0) /* the references say 0 for the minimum of nothing */
        assert_integer(line, "min", hdr->min);
    assert_integer(line, "max", hdr->max);
    assert_close(line, "mean", tg_hdr_mean(hdr));
    assert_close(line, "stddev", tg_hdr_stddev(hdr));
    int figures = 5;
    for (const char *at = strstr(line, " p"); at != NULL; at = strstr(at + 1, " p")) {
        char *equals;
        double percentile = strtod(at + 2, &equals);
        char key[16] = "";
        assert_true(*equals == '=' && equals - at - 1 < (int)sizeof(key));
        memcpy(key, at + 1, (size_t)(equals - at - 1));
        assert_integer(line, key, tg_hdr_percentile(hdr, percentile));
        figures++;
    }
    return figures;
}
