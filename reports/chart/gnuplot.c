/* Pictures: gnuplot as a filter, the script in and the picture out. */
#include <stdlib.h>
#include <string.h>

#include "common/program.h"
#include "reports/chart/script.h"
#include "reports/layout/markup.h"

enum { PATIENCE_MS = 60000, MOST_BYTES = 64 << 20 };

bool tg_chart_can_draw(void)
{
    return tg_program_in_path("gnuplot");
}

const char *tg_chart_how_to_draw(void)
{
    return "no pictures: gnuplot is not in PATH; install it (Debian: apt-get install gnuplot-nox) "
           "and run this again";
}

/* The first of its lines that says something: gnuplot shows the command and a caret before what is
 * wrong with it. */
static void add_complaint(struct tg_text *out, const struct tg_text *complaints)
{
    const char *text = tg_text_string(complaints);
    const char *line = strstr(text, "line ");
    line = line ? line : text + strspn(text, " \r\n");
    size_t length = strcspn(line, "\r\n");
    char *first = tg_format("%.*s", (int)length, line);
    if (*first) {
        tg_text_add(out, ": ");
        tg_plain_text(out, first);
    }
    free(first);
}

static enum tg_status fail(const struct tg_chart *chart, const struct tg_text *complaints,
                           struct tg_diags *diags, const char *fmt, ...) TG_PRINTF(4, 5);

static enum tg_status fail(const struct tg_chart *chart, const struct tg_text *complaints,
                           struct tg_diags *diags, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *what = tg_vformat(fmt, args);
    va_end(args);
    struct tg_text complaint = {0};
    add_complaint(&complaint, complaints);
    struct tg_diag *diag =
        tg_diag_error(diags, (struct tg_place){0}, "cannot draw the chart \"%s\": gnuplot %s%s",
                      chart->name, what, tg_text_string(&complaint));
    tg_diag_hint(diag, "gnuplot 5.2 or later with the terminals svg and pngcairo is needed "
                       "(Debian: gnuplot-nox)");
    tg_text_free(&complaint);
    free(what);
    return TG_SYSTEM;
}

/* Takes the picture over from what gnuplot wrote. */
static bool take(const struct tg_chart *chart, enum tg_picture format,
                 const struct tg_text *written, struct tg_text *out)
{
    static const char signature[] = "\x89PNG\r\n\x1A\n"; /* PNG specification, section 5.2 */
    if (format == TG_PICTURE_SVG)
        return tg_svg_tidy(chart, tg_text_string(written), out);
    if (written->length < sizeof signature ||
        memcmp(written->data, signature, sizeof signature - 1) != 0)
        return false;
    tg_text_add_bytes(out, written->data, written->length);
    return true;
}

enum tg_status tg_chart_draw_within(const struct tg_chart *chart, enum tg_picture format,
                                    int64_t patience_ms, struct tg_text *out,
                                    struct tg_diags *diags)
{
    /* -d: the user's ~/.gnuplot is for the user's own plots. */
    static const char *const arguments[] = {"gnuplot", "-d", "-", NULL};
    struct tg_text script = {0}, written = {0}, complaints = {0};
    tg_script_make(chart, format, &script);
    const struct tg_filter filter = {
        .arguments = arguments,
        .input = tg_text_string(&script),
        .input_length = script.length,
        .output_limit = MOST_BYTES,
        .patience_ms = patience_ms,
    };
    int code = 0;
    enum tg_status status = TG_OK;
    switch (tg_program_filter(&filter, &written, &complaints, &code)) {
    case TG_FILTER_EXITED:
        if (code != 0)
            status = fail(chart, &complaints, diags, "failed with exit code %d", code);
        else if (!take(chart, format, &written, out))
            status = fail(chart, &complaints, diags, "wrote no picture");
        break;
    case TG_FILTER_KILLED:
        status = fail(chart, &complaints, diags, "was ended by signal %d", code - 128);
        break;
    case TG_FILTER_HUNG:
        status = fail(chart, &complaints, diags, "was not done after %lld ms and was stopped",
                      (long long)patience_ms);
        break;
    case TG_FILTER_TOO_MUCH:
        status = fail(chart, &complaints, diags, "wrote more than %d MiB", MOST_BYTES >> 20);
        break;
    case TG_FILTER_ABSENT:
        status = fail(chart, &complaints, diags, "could not be started (%s)", strerror(code));
        break;
    }
    tg_text_free(&script);
    tg_text_free(&written);
    tg_text_free(&complaints);
    return status;
}

enum tg_status tg_chart_draw(const struct tg_chart *chart, enum tg_picture format,
                             struct tg_text *out, struct tg_diags *diags)
{
    return tg_chart_draw_within(chart, format, PATIENCE_MS, out, diags);
}
