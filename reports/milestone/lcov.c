/* lcov tracefiles: lines "KEY:VALUES", in sections from SF to end_of_record, one per source file
 * and test. The same file may have many sections, so lines and branches are counted by what they
 * are, not by the sums (LF, LH) of the sections. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "reports/milestone/inputs.h"

struct span {
    const char *at;
    size_t length;
};

struct point { /* a line or a branch of a file */
    struct span file, place;
    bool hit;
};

struct points {
    struct point *items;
    size_t count, room;
};

struct lcov {
    const char *path;
    struct tg_diags *diags;
    int line;
    struct span file; /* at NULL: outside of a section */
    struct points lines, branches;
};

static bool refuse(const struct lcov *lcov, const char *message, const char *hint)
{
    const struct tg_place at = {.path = lcov->path, .line = lcov->line};
    tg_diag_hint(tg_diag_error(lcov->diags, at, "%s", message), "%s", hint);
    return false;
}

static void add_point(struct points *points, struct span file, struct span place, bool hit)
{
    if (points->count == points->room) {
        points->room = points->room ? 2 * points->room : 1024;
        points->items = tg_realloc(points->items, points->room * sizeof *points->items);
    }
    points->items[points->count++] = (struct point){file, place, hit};
}

static int compare_spans(struct span a, struct span b)
{
    if (a.length != b.length)
        return a.length < b.length ? -1 : 1;
    return memcmp(a.at, b.at, a.length);
}

static int by_place(const void *left, const void *right)
{
    const struct point *a = left;
    const struct point *b = right;
    int order = compare_spans(a->file, b->file);
    return order ? order : compare_spans(a->place, b->place);
}

/* How many different places there are, and how many of them were hit by anything. */
static void count_points(struct points *points, int64_t *all, int64_t *hit)
{
    *all = 0;
    *hit = 0;
    if (points->count > 0)
        qsort(points->items, points->count, sizeof *points->items, by_place);
    for (size_t i = 0; i < points->count;) {
        bool any = false;
        size_t first = i;
        for (; i < points->count && by_place(&points->items[first], &points->items[i]) == 0; i++)
            any = any || points->items[i].hit;
        ++*all;
        *hit += any;
    }
}

/* "LINE,COUNT" or "LINE,COUNT,CHECKSUM". */
static bool take_line(struct lcov *lcov, struct span values)
{
    const char *comma = memchr(values.at, ',', values.length);
    if (!comma || comma == values.at ||
        strspn(values.at, "0123456789") != (size_t)(comma - values.at))
        return refuse(lcov, "is no count of a line", "such as DA:12,1");
    char *end;
    if (!isdigit((unsigned char)comma[1]) && comma[1] != '-')
        return refuse(lcov, "is no count of a line", "such as DA:12,1");
    double count = strtod(comma + 1, &end);
    if (end == comma + 1 || !strchr(",\r\n", *end))
        return refuse(lcov, "is no count of a line", "such as DA:12,1");
    add_point(&lcov->lines, lcov->file, (struct span){values.at, (size_t)(comma - values.at)},
              count > 0);
    return true;
}

/* "LINE,BLOCK,BRANCH,TAKEN", TAKEN being "-" where the block was never reached. */
static bool take_branch(struct lcov *lcov, struct span values)
{
    size_t at = values.length;
    while (at > 0 && values.at[at - 1] != ',')
        at--;
    if (at == 0 || at == values.length)
        return refuse(lcov, "is no count of a branch", "such as BRDA:12,0,1,3");
    bool hit = isdigit((unsigned char)values.at[at]) && strtod(values.at + at, NULL) > 0;
    add_point(&lcov->branches, lcov->file, (struct span){values.at, at - 1}, hit);
    return true;
}

static bool is_record(struct span line)
{
    size_t length = 0;
    while (length < line.length && line.at[length] >= 'A' && line.at[length] <= 'Z')
        length++;
    return length >= 2 && length < line.length && line.at[length] == ':';
}

static bool starts(struct span line, const char *key, struct span *values)
{
    size_t length = strlen(key);
    if (line.length < length || memcmp(line.at, key, length) != 0)
        return false;
    *values = (struct span){line.at + length, line.length - length};
    return true;
}

static bool take(struct lcov *lcov, struct span line)
{
    struct span values;
    if (line.length == 0 || *line.at == '#')
        return true;
    if (starts(line, "end_of_record", &values)) {
        lcov->file.at = NULL;
        return true;
    }
    if (starts(line, "SF:", &values)) {
        lcov->file = values;
        return true;
    }
    bool of_line = starts(line, "DA:", &values);
    if (of_line || starts(line, "BRDA:", &values)) {
        if (!lcov->file.at)
            return refuse(lcov, "stands outside of a section", "a section begins with SF:FILE");
        return of_line ? take_line(lcov, values) : take_branch(lcov, values);
    }
    return is_record(line) ||
           refuse(lcov, "is no record of a tracefile",
                  "a tracefile has lines such as SF:FILE, DA:LINE,COUNT and end_of_record");
}

static bool take_all(struct lcov *lcov, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;
        struct span line = {text, (size_t)(stop - text)};
        lcov->line++;
        if (line.length > 0 && stop[-1] == '\r')
            line.length--;
        if (memchr(line.at, '\0', line.length))
            return refuse(lcov, "is no text", "lcov and gcovr --lcov write tracefiles");
        if (!take(lcov, line))
            return false;
        text = stop + 1;
    }
    return lcov->lines.count > 0 ||
           refuse(lcov, "has no line of code", "was anything built for coverage?");
}

enum tg_status tg_lcov_parse(const char *text, size_t length, const char *path,
                             struct tg_milestone_code_coverage *coverage, struct tg_diags *diags)
{
    struct lcov lcov = {.path = path, .diags = diags};
    bool taken = take_all(&lcov, text, length);
    if (taken) {
        int64_t branches, branches_hit;
        *coverage = (struct tg_milestone_code_coverage){.given = true};
        count_points(&lcov.lines, &coverage->lines, &coverage->lines_covered);
        count_points(&lcov.branches, &branches, &branches_hit);
        coverage->line_rate = (double)coverage->lines_covered / (double)coverage->lines;
        coverage->branch_rate = branches > 0 ? (double)branches_hit / (double)branches : NAN;
    }
    free(lcov.lines.items);
    free(lcov.branches.items);
    return taken ? TG_OK : TG_INVALID;
}

enum tg_status tg_lcov_read(const char *path, struct tg_milestone_code_coverage *coverage,
                            struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, TG_INPUT_MOST_BYTES, &text, diags);
    if (status == TG_OK)
        status = tg_lcov_parse(tg_text_string(&text), text.length, path, coverage, diags);
    tg_text_free(&text);
    return status;
}
