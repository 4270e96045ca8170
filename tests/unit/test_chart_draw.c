/* Pictures: what gnuplot is told, what it makes of it where it is installed, and what happens
 * where it is not or does not behave. TAILGATE_PICTURES=DIR also writes the pictures, to be looked
 * at. */
#include "tests/unit/golden.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "reports/chart/script.h"
#include "tests/unit/chart_samples.h"
#include "tests/unit/xml_judge.h"

#define VICTIM "tailgate_hacked" /* the file that HOSTILE would make */

enum { PATIENCE_MS = 60000, SHORT_PATIENCE_MS = 300 };

static const struct tg_chart *const every_chart[] = {
    &edge_chart, &target_chart, &signed_chart,  &forest_chart,
    &time_chart, &growth_chart, &hostile_chart,
};
enum { CHARTS = sizeof every_chart / sizeof *every_chart };

struct place {
    char folder[64]; /* the working directory of a test */
    char *source;    /* where it was before */
    char *path;      /* PATH before */
};

static int set_up(void **state)
{
    static struct place place;
    fill_time_chart();
    place.source = getcwd(NULL, 0);
    place.path = tg_strdup(getenv("PATH"));
    strcpy(place.folder, "/tmp/tailgate-chart.XXXXXX");
    if (!mkdtemp(place.folder) || chdir(place.folder) != 0)
        return -1;
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    struct tg_diags diags = {0};
    setenv("PATH", place->path, 1);
    int failed = chdir(place->source);
    failed |= tg_remove_tree(place->folder, &diags) != TG_OK;
    free(place->source);
    free(place->path);
    return failed ? -1 : 0;
}

/* ---- the script ---- */

static void scripts_are_as_they_were(void **state)
{
    (void)state;
    static const struct tg_chart *const charts[] = {&target_chart, &forest_chart, &growth_chart};
    for (size_t i = 0; i < 3; i++) {
        struct tg_text script = {0};
        tg_script_make(charts[i], i == 1 ? TG_PICTURE_PNG : TG_PICTURE_SVG, &script);
        char *name = tg_format("chart_%s.gp", charts[i]->name);
        check_golden(name, &script);
        free(name);
        tg_text_free(&script);
    }
}

/* Between the lines of names and nowhere else; none of them could end the block, or is two. */
static void names_are_data(void **state)
{
    (void)state;
    struct tg_text script = {0};
    tg_script_make(&hostile_chart, TG_PICTURE_SVG, &script);
    char *names = strstr(script.data, "$T << TAILGATE_END\n");
    assert_non_null(names);
    char *end = strstr(names, "\nTAILGATE_END\n");
    assert_non_null(end);
    *end = '\0';
    char *rest = strchr(names, '\n') + 1;
    size_t count = 0;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        assert_int_equal(line[0], '|');
        for (const char *at = line; *at; at++)
            assert_true((unsigned char)*at >= 0x20);
        count++;
    }
    assert_true(count > 12);
    *names = '\0';
    const char *const parts[] = {script.data, end + 1};
    for (size_t i = 0; i < 2; i++) {
        assert_null(strstr(parts[i], "touch"));
        assert_null(strstr(parts[i], "system"));
        assert_null(strpbrk(parts[i], "`@\""));
    }
    tg_text_free(&script);
}

/* ---- gnuplot itself ---- */

static void need_gnuplot(void)
{
    if (!tg_chart_can_draw())
        skip();
}

static struct tg_text draw(const struct tg_chart *chart, enum tg_picture format)
{
    struct tg_text picture = {0};
    struct tg_diags diags = {0};
    if (tg_chart_draw(chart, format, &picture, &diags) != TG_OK)
        fail_msg("%s: %s", chart->name, diags.items[0].message);
    const char *folder = getenv("TAILGATE_PICTURES");
    if (folder) {
        char *path =
            tg_format("%s/%s.%s", folder, chart->name, format == TG_PICTURE_SVG ? "svg" : "png");
        assert_int_equal(tg_file_write(path, picture.data, picture.length, true, &diags), TG_OK);
        free(path);
    }
    tg_diags_free(&diags);
    return picture;
}

static void every_chart_is_drawn(void **state)
{
    (void)state;
    need_gnuplot();
    for (size_t i = 0; i < CHARTS; i++) {
        struct tg_text svg = draw(every_chart[i], TG_PICTURE_SVG);
        assert_true(tg_starts_with(svg.data, "<svg "));
        assert_non_null(strstr(svg.data, "<title>"));
        assert_well_formed(svg.data);
        assert_null(strstr(svg.data, "GNUPLOT")); /* neither versions nor dates */
        tg_text_free(&svg);
    }
    struct tg_text png = draw(&target_chart, TG_PICTURE_PNG);
    assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n", 8);
    tg_text_free(&png);
}

static void hostile_names_do_nothing_but_show(void **state)
{
    (void)state;
    need_gnuplot();
    struct tg_text svg = draw(&hostile_chart, TG_PICTURE_SVG);
    struct tg_text png = draw(&hostile_chart, TG_PICTURE_PNG);
    assert_false(tg_path_exists(VICTIM));
    assert_well_formed(svg.data);
    /* The whole of it in the title; on the axis what fits, from both ends. */
    assert_non_null(strstr(svg.data,
                           "<title>a&#39;b&quot;; system(&quot;touch tailgate_hacked&quot;); "
                           "`touch tailgate_hacked` @x $T[1] %s%n {/*9 x}^2_3 "
                           "&lt;b&gt;&amp;amp;&lt;/b&gt; # \\</title>"));
    assert_non_null(strstr(svg.data, "a'b\"; system(\"touch "));
    assert_non_null(strstr(svg.data, "{/*9 x}^2_3 &lt;b>&amp;amp;&lt;/b> # \\</text>"));
    assert_non_null(strstr(svg.data, ">%d %s %%</text>"));
    assert_non_null(strstr(svg.data, ">TAILGATE_END</text>"));
    tg_text_free(&svg);
    tg_text_free(&png);
}

/* Adds the ids of a picture to `ids`, each between two spaces. */
static void collect_ids(const char *svg, struct tg_text *ids)
{
    for (const char *at = svg; (at = strstr(at, " id=")) != NULL; at++)
        tg_text_addf(ids, " %.*s ", (int)strcspn(at + 5, "'\""), at + 5);
}

static void pictures_share_a_page(void **state)
{
    (void)state;
    need_gnuplot();
    struct tg_text one = draw(&time_chart, TG_PICTURE_SVG);
    struct tg_text again = draw(&time_chart, TG_PICTURE_SVG);
    struct tg_text other = draw(&growth_chart, TG_PICTURE_SVG);
    assert_string_equal(one.data, again.data);

    struct tg_text ids = {0}, others = {0};
    collect_ids(one.data, &ids);
    collect_ids(other.data, &others);
    char *rest = others.data;
    size_t count = 0;
    for (char *id = strsep(&rest, " "); id; id = strsep(&rest, " ")) {
        if (!*id)
            continue;
        char *spaced = tg_format(" %s ", id);
        assert_null(strstr(tg_text_string(&ids), spaced));
        free(spaced);
        count++;
    }
    assert_true(count > 10);
    for (const char *at = one.data; (at = strstr(at, "href='#")) != NULL; at++) {
        char *spaced = tg_format(" %.*s ", (int)strcspn(at + 7, "'"), at + 7);
        assert_non_null(strstr(tg_text_string(&ids), spaced)); /* every reference leads somewhere */
        free(spaced);
    }
    tg_text_free(&ids);
    tg_text_free(&others);
    tg_text_free(&one);
    tg_text_free(&again);
    tg_text_free(&other);
}

/* Charts without anything, or with all of it the same, are pictures as well. */
static void charts_without_values_are_drawn(void **state)
{
    (void)state;
    need_gnuplot();
    static const char *const categories[] = {"one"};
    static const double nothing[] = {NAN};
    static const enum tg_chart_kind kinds[] = {TG_CHART_BARS, TG_CHART_FOREST, TG_CHART_LINES};
    struct tg_chart_series series = {.name = "n", .count = 1, .x = nothing, .y = nothing};
    struct tg_chart chart = {
        .name = "none", .title = "Nothing", .categories = categories, .series = &series};
    for (size_t i = 0; i < 6; i++) {
        chart.kind = kinds[i % 3];
        chart.category_count = chart.series_count = i / 3;
        struct tg_text svg = draw(&chart, TG_PICTURE_SVG);
        assert_well_formed(svg.data);
        tg_text_free(&svg);
    }
}

/* ---- no gnuplot, or one that does not behave ---- */

/* From now on `gnuplot` is this shell script. */
static void be_gnuplot(const struct place *place, const char *script)
{
    struct tg_diags diags = {0};
    char *path = tg_format("%s/gnuplot", place->folder);
    char *text = tg_format("#!/bin/sh\n%s\n", script);
    assert_int_equal(tg_file_write(path, text, strlen(text), true, &diags), TG_OK);
    assert_int_equal(chmod(path, 0755), 0);
    char *search = tg_format("%s:%s", place->folder, place->path);
    setenv("PATH", search, 1);
    free(search);
    free(text);
    free(path);
    tg_diags_free(&diags);
}

static char *complaint_of(const struct tg_chart *chart, enum tg_picture format, int64_t patience_ms)
{
    struct tg_text picture = {0};
    struct tg_diags diags = {0};
    assert_int_equal(tg_chart_draw_within(chart, format, patience_ms, &picture, &diags), TG_SYSTEM);
    assert_int_equal(picture.length, 0);
    assert_int_equal(diags.errors, 1);
    assert_non_null(strstr(diags.items[0].hint, "gnuplot-nox"));
    char *message = tg_strdup(diags.items[0].message);
    tg_diags_free(&diags);
    tg_text_free(&picture);
    return message;
}

static void assert_complaint(const char *script, const struct place *place, enum tg_picture format,
                             int64_t patience_ms, const char *expected)
{
    be_gnuplot(place, script);
    char *message = complaint_of(&target_chart, format, patience_ms);
    if (!strstr(message, expected))
        fail_msg("\"%s\" does not say \"%s\"", message, expected);
    assert_non_null(strstr(message, "\"targets\""));
    free(message);
}

static void a_missing_gnuplot_is_said(void **state)
{
    struct place *place = *state;
    setenv("PATH", place->folder, 1); /* holds nothing */
    assert_false(tg_chart_can_draw());
    assert_non_null(strstr(tg_chart_how_to_draw(), "gnuplot"));
    char *message = complaint_of(&target_chart, TG_PICTURE_SVG, PATIENCE_MS);
    assert_non_null(strstr(message, "could not be started (No such file or directory)"));
    free(message);
    be_gnuplot(place, "exit 0");
    assert_true(tg_chart_can_draw());
    setenv("PATH", place->path, 1);
}

static void a_gnuplot_that_fails_is_quoted(void **state)
{
    struct place *place = *state;
    assert_complaint("echo >&2; echo 'gnuplot> plot x' >&2; echo '         line 7: bad thing' >&2; "
                     "exit 3",
                     place, TG_PICTURE_SVG, PATIENCE_MS,
                     "failed with exit code 3: line 7: bad thing");
    assert_complaint("kill -ABRT $$", place, TG_PICTURE_SVG, PATIENCE_MS, "ended by signal 6");
    assert_complaint("exit 0", place, TG_PICTURE_SVG, PATIENCE_MS, "wrote no picture");
    assert_complaint("cat >/dev/null; echo '<svg><g></g></svg>'", place, TG_PICTURE_SVG,
                     PATIENCE_MS, "wrote no picture");
    assert_complaint("cat >/dev/null; echo 'no PNG'", place, TG_PICTURE_PNG, PATIENCE_MS,
                     "wrote no picture");
    setenv("PATH", place->path, 1);
}

static pid_t pid_in(const char *path)
{
    struct tg_text text = {0};
    struct tg_diags diags = {0};
    assert_int_equal(tg_file_read(path, 100, &text, &diags), TG_OK);
    pid_t pid = (pid_t)strtol(text.data, NULL, 10);
    tg_text_free(&text);
    assert_true(pid > 1);
    return pid;
}

/* Gone, or dead and not yet buried by whoever inherited it. */
static bool is_over(pid_t pid)
{
    char path[64];
    char state = 'Z';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return kill(pid, 0) != 0 && errno == ESRCH;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    fclose(file);
    return state == 'Z' || state == 'X';
}

/* `script` makes the file "self" and hangs. On a busy machine it may take a while to come to that.
 */
static void assert_hangs(const char *script, const struct place *place)
{
    for (int64_t patience_ms = SHORT_PATIENCE_MS; !tg_path_exists("self"); patience_ms *= 4) {
        assert_true(patience_ms < PATIENCE_MS);
        char *expected = tg_format("not done after %d ms", (int)patience_ms);
        assert_complaint(script, place, TG_PICTURE_SVG, patience_ms, expected);
        free(expected);
    }
    assert_true(is_over(pid_in("self")));
}

static void a_gnuplot_that_hangs_is_ended_with_its_children(void **state)
{
    struct place *place = *state;
    assert_hangs("sleep 1000 & echo $! > child; echo $$ > made; mv made self; wait", place);
    for (int i = 0; i < 200 && !is_over(pid_in("child")); i++) /* dying takes a moment */
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    assert_true(is_over(pid_in("child")));
    /* The same with its outputs closed. */
    assert_int_equal(remove("self"), 0);
    assert_hangs("echo $$ > made; exec >&- 2>&-; mv made self; exec sleep 1000", place);
    setenv("PATH", place->path, 1);
}

/* Each in a working directory of its own. */
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_are_as_they_were),
        TEST(names_are_data),
        TEST(every_chart_is_drawn),
        TEST(hostile_names_do_nothing_but_show),
        TEST(pictures_share_a_page),
        TEST(charts_without_values_are_drawn),
        TEST(a_missing_gnuplot_is_said),
        TEST(a_gnuplot_that_fails_is_quoted),
        TEST(a_gnuplot_that_hangs_is_ended_with_its_children),
    };
    return cmocka_run_group_tests_name("chart_draw", tests, NULL, NULL);
}
