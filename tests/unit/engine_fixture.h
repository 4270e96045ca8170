/* What the tests of engines share: a temporary folder, diagnostics, a store from a few texts.
 * cmocka.h has to come first, as cmocka wants it. */
#ifndef TG_TESTS_UNIT_ENGINE_FIXTURE_H
#define TG_TESTS_UNIT_ENGINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "runner/engine/engine.h"

enum { FIXTURE_MOST = 16 };

struct fixture {
    char folder[64];
    struct tg_store_spec spec;
    struct tg_setting settings[FIXTURE_MOST];
    struct tg_setting options[FIXTURE_MOST];
    struct tg_script script;
    struct tg_engine_op ops[FIXTURE_MOST];
    struct tg_place places[FIXTURE_MOST];
    struct tg_diags diags;
    const struct tg_engine *engine;
    void *store;
};

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/tailgate-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    f->engine = tg_engine_find("sqlite");
    for (int i = 0; i < FIXTURE_MOST; i++)
        f->places[i] = (struct tg_place){.path = "test.toml", .line = 100 + i, .column = 1};
    f->spec = (struct tg_store_spec){
        .folder = f->folder,
        .settings = f->settings,
        .options = f->options,
        .schema = &f->script,
        .ops = f->ops,
    };
    *state = f;
    return 0;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    if (f->store)
        f->engine->close(f->store);
    tg_diags_free(&f->diags);
    assert_int_equal(tg_remove_tree(f->folder, &f->diags), TG_OK);
    free(f);
    return 0;
}

static inline void fixture_set(struct fixture *f, const char *name, const char *value)
{
    struct tg_place place = {
        .path = "test.toml", .line = 10 + (int)f->spec.setting_count, .column = 3};
    f->settings[f->spec.setting_count++] =
        (struct tg_setting){.name = name, .value = value, .place = place};
}

static inline void fixture_option(struct fixture *f, const char *name, const char *value)
{
    f->options[f->spec.option_count++] = (struct tg_setting){.name = name, .value = value};
}

static inline void fixture_schema(struct fixture *f, const char *text)
{
    f->script = (struct tg_script){.path = "schema.sql", .text = text};
    f->spec.schema_count = 1;
}

/* Adds an operation; `params`, `returned` and `statements` have to be static. */
static inline struct tg_engine_op *fixture_op(struct fixture *f, const char *name,
                                              const char *const *statements, size_t statement_count,
                                              const char *const *params, size_t param_count)
{
    struct tg_engine_op *op = &f->ops[f->spec.op_count++];
    *op = (struct tg_engine_op){.name = name,
                                .statements = statements,
                                .statement_places = f->places,
                                .statement_count = statement_count,
                                .params = params,
                                .param_count = param_count,
                                .batch = 1};
    return op;
}

static inline void print_diags(const struct tg_diags *diags)
{
    for (size_t i = 0; i < diags->count; i++)
        print_message("%s:%d:%d: %s (%s)\n", diags->items[i].path ? diags->items[i].path : "-",
                      diags->items[i].line, diags->items[i].column, diags->items[i].message,
                      diags->items[i].hint ? diags->items[i].hint : "-");
}

static inline void expect_ok(struct fixture *f, enum tg_status status)
{
    if (status != TG_OK)
        print_diags(&f->diags);
    assert_int_equal(status, TG_OK);
}

/* Opens with build and builds without rows. */
static inline void fixture_build(struct fixture *f, const struct tg_row_source *sources,
                                 size_t count)
{
    expect_ok(f, f->engine->open(&f->spec, true, &f->store, &f->diags));
    expect_ok(f, f->engine->build(f->store, sources, count, &f->diags));
}

static inline void *fixture_session(struct fixture *f)
{
    void *session = NULL;
    expect_ok(f, f->engine->session_open(f->store, &session, &f->diags));
    return session;
}

/* Is there a diagnostic whose message contains `text`? Returned, else the test fails. */
static inline const struct tg_diag *expect_diag(const struct fixture *f, const char *text)
{
    for (size_t i = 0; i < f->diags.count; i++) {
        if (strstr(f->diags.items[i].message, text))
            return &f->diags.items[i];
    }
    print_diags(&f->diags);
    fail_msg("no diagnostic says \"%s\"", text);
    return NULL;
}

static inline struct tg_value text_value(const char *text)
{
    return (struct tg_value){
        .type = TG_VALUE_TEXT, .length = (uint32_t)strlen(text), .bytes = text};
}

static inline struct tg_value int_value(int64_t integer)
{
    return (struct tg_value){.type = TG_VALUE_INT, .integer = integer};
}

#endif
