#include <string.h>

#include "common/hash.h"
#include "reports/chart/script.h"
#include "reports/layout/markup.h"

enum { PREFIX_DIGITS = 10 };

struct svg {
    const char *at;                /* what is left to read */
    char prefix[TG_HASH_TEXT + 2]; /* of ids: two pictures on a page have none in common */
    struct tg_text *out;
};

/* Ids come from the content: the same picture has the same ones every time. gnuplot names itself
 * before the canvas, which is left out. */
static void make_prefix(struct svg *svg)
{
    struct tg_hash hash;
    char digits[TG_HASH_TEXT];
    tg_hash_init(&hash);
    tg_hash_string(&hash, svg->at);
    tg_hash_end(&hash, digits);
    svg->prefix[0] = 'c';
    memcpy(svg->prefix + 1, digits, PREFIX_DIGITS);
    memcpy(svg->prefix + 1 + PREFIX_DIGITS, "-", 2);
}

/* Copies a tag with the prefix before every id and every reference to one. In tags alone: what a
 * name says is text, and its "<" is escaped. */
static void copy_tag(struct svg *svg, size_t length)
{
    static const char *const openings[] = {" id='", " id=\"", "href='#", "href=\"#", "url(#"};
    const char *end = svg->at + length;
    while (svg->at < end) {
        size_t step = 1;
        bool opening = false;
        for (size_t i = 0; i < sizeof openings / sizeof *openings && !opening; i++) {
            opening = tg_starts_with(svg->at, openings[i]);
            step = opening ? strlen(openings[i]) : 1;
        }
        tg_text_add_bytes(svg->out, svg->at, step);
        if (opening)
            tg_text_add(svg->out, svg->prefix);
        svg->at += step;
    }
}

/* Past the element at svg->at if it is called `name` and holds text alone. */
static bool skip_element(struct svg *svg, const char *name)
{
    size_t length = strlen(name);
    if (svg->at[0] != '<' || strncmp(svg->at + 1, name, length) != 0 || svg->at[1 + length] != '>')
        return false;
    const char *end = strstr(svg->at, "</");
    const char *close = end ? strchr(end, '>') : NULL;
    if (!close)
        return false;
    svg->at = close + 1;
    return true;
}

static void copy_canvas(struct svg *svg)
{
    while (*svg->at) {
        const char *tag = strchr(svg->at, '<');
        size_t before = tag ? (size_t)(tag - svg->at) : strlen(svg->at);
        tg_text_add_bytes(svg->out, svg->at, before);
        svg->at += before;
        if (!tag)
            return;
        if (skip_element(svg, "title")) /* "gnuplot_plot_1", shown under the pointer */
            continue;
        const char *close = strchr(svg->at, '>');
        copy_tag(svg, close ? (size_t)(close + 1 - svg->at) : strlen(svg->at));
    }
}

static void add_element(struct tg_text *out, const char *name, const char *text)
{
    struct tg_text plain = {0};
    if (!text)
        return;
    tg_plain_text(&plain, text);
    tg_text_addf(out, "<%s>", name);
    tg_xml_text(out, tg_text_string(&plain));
    tg_text_addf(out, "</%s>\n", name);
    tg_text_free(&plain);
}

bool tg_svg_tidy(const struct tg_chart *chart, const char *text, struct tg_text *out)
{
    const char *root = strstr(text, "<svg");
    const char *close = root ? strchr(root, '>') : NULL;
    const char *canvas = close ? strstr(close, "<g id=\"gnuplot_canvas\"") : NULL;
    if (!canvas || !strstr(canvas, "</svg>"))
        return false;
    struct svg svg = {.at = canvas, .out = out};
    make_prefix(&svg);
    tg_text_add(out, "<svg role=\"img\"");
    tg_text_add_bytes(out, root + strlen("<svg"), (size_t)(close + 1 - root) - strlen("<svg"));
    tg_text_add(out, "\n");
    add_element(out, "title", chart->title);
    add_element(out, "desc", chart->source);
    copy_canvas(&svg);
    return true;
}
