#include "reports/chart/script.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

enum { MARGIN = 18, TITLE_COLUMNS = 76, SOURCE_COLUMNS = 108, PNG_SCALE = 2 };

const char *const tg_script_bad_color = "#D55E00";
const char *const tg_script_ink = "#222222";
const char *const tg_script_faint = "#666666";

static const char *const colors[] = {"#0072B2", "#E69F00", "#009E73", "#CC79A7",
                                     "#56B4E9", "#333333", "#8C510A"};
const size_t tg_script_color_count = COUNT(colors);

const char *tg_script_color(size_t number)
{
    return colors[number % COUNT(colors)];
}

size_t tg_script_name(struct tg_script *script, const char *text, size_t columns)
{
    tg_text_add(&script->names, "|");
    tg_label_fit(&script->names, text, columns);
    tg_text_add(&script->names, "\n");
    return ++script->name_count;
}

size_t tg_script_block(struct tg_script *script)
{
    tg_text_addf(&script->data, "$D%zu << TAILGATE_END\n", ++script->block_count);
    return script->block_count;
}

void tg_script_end_block(struct tg_script *script)
{
    tg_text_add(&script->data, "TAILGATE_END\n");
}

void tg_script_number(struct tg_text *out, double value)
{
    if (isfinite(value))
        tg_text_addf(out, "%.10g ", value);
    else
        tg_text_add(out, "NaN ");
}

void tg_script_plot(struct tg_script *script, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *piece = tg_vformat(fmt, args);
    va_end(args);
    tg_text_addf(&script->plots, "%s%s", script->plots.length ? ", \\\n     " : "plot ", piece);
    free(piece);
}

/* In tick labels gnuplot looks for formats. */
static void add_tick_label(struct tg_text *out, const char *label)
{
    tg_text_add(out, "'");
    for (; *label; label++)
        tg_text_addf(out, *label == '%' ? "%%%%" : "%c", *label);
    tg_text_add(out, "'");
}

void tg_script_axis(struct tg_script *script, const char *axis, const struct tg_scale *scale,
                    enum tg_chart_unit unit, size_t most)
{
    double ticks[TG_SCALE_TICKS];
    char label[TG_UNIT_TEXT];
    struct tg_text *out = &script->commands;
    size_t count = scale->empty ? 0 : tg_scale_ticks(scale, unit, most, ticks);
    if (scale->log)
        tg_text_addf(out, "set logscale %s\n", axis);
    /* A little more than the scale: gnuplot rounds, and may find a tick at the end outside. */
    double slack = scale->log ? 1e-6 * scale->low : 1e-6 * (scale->high - scale->low);
    tg_text_addf(out, "set %srange [%.10g:%.10g]\n", axis, scale->low - slack,
                 scale->high * (scale->log ? 1 + 1e-6 : 1) + (scale->log ? 0 : slack));
    tg_text_addf(out, "set %stics nomirror scale 0.5 font ',11' tc rgb '#444444' (", axis);
    for (size_t i = 0; i < count; i++) {
        tg_text_add(out, i ? ", " : "");
        add_tick_label(out, tg_label_tick(unit, ticks[i], label));
        tg_text_addf(out, " %.10g", ticks[i]);
    }
    tg_text_addf(out, ")\nset grid %stics\n", axis);
}

void tg_script_axis_label(struct tg_script *script, const char *axis,
                          const struct tg_chart_axis *of, bool log)
{
    struct tg_text text = {0};
    if (!of->label)
        return;
    tg_text_addf(&text, "%s%s", of->label, log ? " (log scale)" : "");
    tg_text_addf(&script->commands, "set %slabel $T[%zu][2:*] font ',12' tc rgb '#444444'\n", axis,
                 tg_script_name(script, tg_text_string(&text), 60));
    tg_text_free(&text);
}

/* ---- the frame ---- */

/* What every chart has; before its own labels and objects, which gnuplot numbers on. */
static void add_frame(struct tg_script *script, struct tg_text *out)
{
    const struct tg_chart *chart = script->chart;
    struct tg_text source = {0};
    size_t title = tg_script_name(script, chart->title ? chart->title : "", TITLE_COLUMNS);
    tg_text_addf(&source, "source: %s", chart->source ? chart->source : "not stated");
    size_t foot = tg_script_name(script, tg_text_string(&source), SOURCE_COLUMNS);
    tg_text_free(&source);
    double width = script->width, height = script->height;
    tg_text_addf(out, "set label $T[%zu][2:*] at screen %.5f,%.5f left font ',15' tc rgb '%s'\n",
                 title, MARGIN / width, 1 - 24 / height, tg_script_ink);
    tg_text_addf(out, "set label $T[%zu][2:*] at screen %.5f,%.5f left font ',10' tc rgb '%s'\n",
                 foot, MARGIN / width, 14 / height, tg_script_faint);
    tg_text_add(out, "set object rectangle from screen 0,0 to screen 1,1 fs empty border lc rgb "
                     "'#CCCCCC' lw 1 behind\n"
                     "set border 3 lc rgb '#999999'\n"
                     "set grid lc rgb '#E2E2E2' lt 1 lw 1\n");
    tg_text_addf(out, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
                 1 - script->top / height, script->bottom / height);
    tg_text_addf(out, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n",
                 script->left / width, 1 - script->right / width);
}

/* Sizes of fonts are pixels of the SVG; pngcairo takes them for points of 4/3 of a pixel. */
static void set_terminal(const struct tg_script *script, enum tg_picture format,
                         struct tg_text *out)
{
    if (format == TG_PICTURE_PNG)
        tg_text_addf(out,
                     "set terminal pngcairo size %d,%d background '#FFFFFF' font 'sans-serif,12' "
                     "fontscale %.2f linewidth %d pointscale %d noenhanced\n",
                     script->width * PNG_SCALE, script->height * PNG_SCALE, 0.75 * PNG_SCALE,
                     PNG_SCALE, PNG_SCALE);
    else
        tg_text_addf(out,
                     "set terminal svg size %d,%d background '#FFFFFF' font 'sans-serif,12' "
                     "noenhanced\n",
                     script->width, script->height);
}

void tg_script_make(const struct tg_chart *chart, enum tg_picture format, struct tg_text *out)
{
    struct tg_script script = {.chart = chart};
    switch (chart->kind) {
    case TG_CHART_BARS:
        tg_script_bars(&script);
        break;
    case TG_CHART_FOREST:
        tg_script_forest(&script);
        break;
    case TG_CHART_LINES:
        tg_script_lines(&script);
        break;
    }
    struct tg_text frame = {0};
    add_frame(&script, &frame);
    tg_text_add(out, "set encoding utf8\n");
    tg_text_addf(out, "$T << TAILGATE_END\n%sTAILGATE_END\n", tg_text_string(&script.names));
    tg_text_add(out, tg_text_string(&script.data));
    set_terminal(&script, format, out);
    tg_text_add(out, tg_text_string(&frame));
    tg_text_add(out, tg_text_string(&script.commands));
    tg_text_addf(out, "%s\n", tg_text_string(&script.plots));
    tg_text_free(&frame);
    tg_text_free(&script.names);
    tg_text_free(&script.data);
    tg_text_free(&script.commands);
    tg_text_free(&script.plots);
}
