/* A whole scenario, every field of what is made of it. Expected values: read off the text by the
 * rules of docs/scenario.md. */
#include "scenario_support.h"

static const char whole[] =
    "format = 1\n"                                                                     /* 1 */
    "name = \"whole-store_1.0\"\n"                                                     /* 2 */
    "description = \"Everything.\"\n"                                                  /* 3 */
    "seed = 0xDEADBEEF\n"                                                              /* 4 */
    "[engine]\n"                                                                       /* 5 */
    "kind = \"sqlite\"\n"                                                              /* 6 */
    "library = \"lib/libsqlite3.so\"\n"                                                /* 7 */
    "database = \"store.db\"\n"                                                        /* 8 */
    "pragma = { journal_mode = \"WAL\", cache_size = -64_000, foreign_keys = true }\n" /* 9 */
    "schema = [\"schema.sql\"]\n"                                                      /* 10 */
    "busy_retries = 5\n"                                                               /* 11 */
    "[load.users]\n"                                                                   /* 12 */
    "rows = 1_000\n"                                                                   /* 13 */
    "id = { gen = \"format\", as = \"user_%04d\" }\n"                                  /* 14 */
    "columns.rows = 7\n"                                                               /* 15 */
    "[load.events]\n"                                                                  /* 16 */
    "rows = 200\n"                                                                     /* 17 */
    "user_id = { gen = \"pick\", of = \"users.id\", by = \"zipf\", theta = 0.5 }\n"    /* 18 */
    "at = { gen = \"timestamp\", start = 2025-01-02T03:04:05Z, step = \"1min\", form = "
    "\"unix_ms\" }\n"                                                           /* 19 */
    "[op.zz_get]\n"                                                             /* 20 */
    "sql = \"SELECT * FROM events WHERE user_id = :user AND at > @at\"\n"       /* 21 */
    "at = 5\n"                                                                  /* 22 */
    "user = { gen = \"pick\", of = \"users.id\", by = \"latest\" }\n"           /* 23 */
    "expect_rows = \"1..100\"\n"                                                /* 24 */
    "plan = { index = \"idx\", scan = false, temp_btree = true }\n"             /* 25 */
    "[op.dequeue]\n"                                                            /* 26 */
    "sql = [\n"                                                                 /* 27 */
    "  \"SELECT id FROM users LIMIT 1\",\n"                                     /* 28 */
    "  \"UPDATE users SET x = :sql WHERE id = :id\",\n"                         /* 29 */
    "]\n"                                                                       /* 30 */
    "id = { gen = \"returned\", column = \"id\" }\n"                            /* 31 */
    "params.sql = true\n"                                                       /* 32 */
    "[op.bulk]\n"                                                               /* 33 */
    "sql = \"INSERT INTO users VALUES (:id)\"\n"                                /* 34 */
    "id = { gen = \"format\", as = \"new_%d\", start = 5 }\n"                   /* 35 */
    "batch = 1000\n"                                                            /* 36 */
    "begin = \"deferred\"\n"                                                    /* 37 */
    "[query.extra]\n"                                                           /* 38 */
    "sql = \"SELECT :anything\"\n"                                              /* 39 */
    "plan = { table_scan = false, auto_index = false }\n"                       /* 40 */
    "[mix.main]\n"                                                              /* 41 */
    "bulk = 1\n"                                                                /* 42 */
    "zz_get = 2.5\n"                                                            /* 43 */
    "dequeue = 0\n"                                                             /* 44 */
    "[[phase]]\n"                                                               /* 45 */
    "name = \"zz_first\"\n"                                                     /* 46 */
    "mix = \"main\"\n"                                                          /* 47 */
    "rate = \"6000/min\"\n"                                                     /* 48 */
    "arrival = \"poisson\"\n"                                                   /* 49 */
    "workers = 8\n"                                                             /* 50 */
    "for = \"1.5s\"\n"                                                          /* 51 */
    "warmup = \"250ms\"\n"                                                      /* 52 */
    "[[phase]]\n"                                                               /* 53 */
    "name = \"after\"\n"                                                        /* 54 */
    "mix = \"dequeue\"\n"                                                       /* 55 */
    "count = 1_000\n"                                                           /* 56 */
    "[targets]\n"                                                               /* 57 */
    "zz_first = [\"zz_get.p99.9 < 50ms\", \"rate>=90/s\", \"lag.max <= 1s\",\n" /* 58 */
    "  \"errors <= 1%\", \"errors == 0\", \"rss < 64MiB\", \"cpu <= 150%\",\n"  /* 59 */
    "  \"elapsed > 1s\", \"bulk.service.mean < 2us\"]\n"                        /* 60 */
    "after = \"dequeue.retries < 3\"\n"                                         /* 61 */
    "[gate]\n"                                                                  /* 62 */
    "metrics = [\"zz_get.p99\", \"rate\"]\n"                                    /* 63 */
    "margin = { p99 = \"5%\", rate = 0.1, \"zz_get.p99\" = \"7.5%\" }\n"        /* 64 */
    "budget = \"2min\"\n";                                                      /* 65 */

static struct tg_scenario *load(const char *text)
{
    char *said;
    struct tg_scenario *scenario = load_bytes(text, strlen(text), NULL, 0, &said);
    assert_string_equal(said, "");
    free(said);
    return scenario;
}

static void assert_place(struct tg_place place, int line, int column)
{
    assert_non_null(strstr(place.path, "/scenario.toml"));
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
}

static void assert_near(double actual, double expected)
{
    assert_true(actual > expected * (1 - 1e-12) && actual < expected * (1 + 1e-12));
}

static void the_head_and_the_engine(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(whole);
    assert_string_equal(scenario->name, "whole-store_1.0");
    assert_string_equal(scenario->description, "Everything.");
    assert_int_equal(scenario->seed, 3735928559);
    assert_string_equal(scenario->folder, test_folder);
    assert_ptr_equal(scenario->engine, &test_sqlite);
    const struct tg_store_spec *store = &scenario->store;
    char *library = tg_path_join(test_folder, "lib/libsqlite3.so");
    assert_string_equal(store->library, library);
    free(library);
    assert_string_equal(store->database, "store.db");
    assert_null(store->folder);
    assert_int_equal(store->setting_count, 3);
    assert_string_equal(store->settings[0].name, "journal_mode");
    assert_string_equal(store->settings[0].value, "WAL");
    assert_place(store->settings[0].place, 9, 27);
    assert_string_equal(store->settings[1].name, "cache_size");
    assert_string_equal(store->settings[1].value, "-64000");
    assert_string_equal(store->settings[2].name, "foreign_keys");
    assert_string_equal(store->settings[2].value, "true");
    assert_int_equal(store->option_count, 1);
    assert_string_equal(store->options[0].name, "busy_retries");
    assert_string_equal(store->options[0].value, "5");
    assert_place(store->options[0].place, 11, 16);
    assert_int_equal(store->schema_count, 1);
    assert_true(tg_ends_with(store->schema[0].path, "/schema.sql"));
    assert_string_equal(store->schema[0].text, "CREATE TABLE t (id INTEGER PRIMARY KEY);\n");
    tg_scenario_free(scenario);
}

static void the_loads(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(whole);
    assert_int_equal(scenario->load_count, 2);
    const struct tg_load_spec *users = &scenario->loads[0];
    assert_string_equal(users->table, "users");
    assert_int_equal(users->rows, 1000);
    assert_int_equal(users->column_count, 2);
    assert_string_equal(users->columns[0].name, "id");
    assert_int_equal(users->columns[0].spec.kind, TG_GEN_INT);
    assert_int_equal(users->columns[0].spec.dist.kind, TG_DIST_SEQUENTIAL);
    assert_string_equal(users->columns[0].spec.as, "user_%04d");
    assert_int_equal(users->columns[0].spec.step, 1);
    assert_string_equal(users->columns[1].name, "rows");
    assert_int_equal(users->columns[1].spec.kind, TG_GEN_CONST);
    assert_int_equal(users->columns[1].spec.constant.integer, 7);
    const struct tg_load_spec *events = &scenario->loads[1];
    assert_string_equal(events->table, "events");
    const struct tg_gen_spec *pick = &events->columns[0].spec;
    assert_int_equal(pick->kind, TG_GEN_PICK);
    assert_string_equal(pick->table, "users");
    assert_string_equal(pick->column, "id");
    assert_int_equal(pick->dist.kind, TG_DIST_ZIPF);
    assert_int_equal(pick->dist.over, 1000);
    assert_true(pick->dist.theta == 0.5);
    const struct tg_gen_spec *at = &events->columns[1].spec;
    assert_int_equal(at->kind, TG_GEN_TIMESTAMP);
    /* date -u -d 2025-01-02T03:04:05Z +%s */
    assert_int_equal(at->start_unix_ns, INT64_C(1735787045) * 1000000000);
    assert_int_equal(at->step, INT64_C(60000000000));
    assert_int_equal(at->time_form, TG_TIME_UNIX_MS);
    tg_scenario_free(scenario);
}

static void the_operations(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(whole);
    assert_int_equal(scenario->op_count, 3);
    const struct tg_op *get = &scenario->ops[0];
    assert_string_equal(get->name, "zz_get"); /* the file's order, not the alphabet's */
    assert_int_equal(get->param_count, 2);
    assert_string_equal(get->params[0].name, "user"); /* the statement's order */
    assert_string_equal(get->params[1].name, "at");
    assert_int_equal(get->params[0].spec.dist.kind, TG_DIST_LATEST);
    assert_true(get->params[0].spec.dist.theta == 0.99);
    assert_int_equal(get->params[1].spec.constant.integer, 5);
    assert_int_equal(get->expect_rows_min, 1);
    assert_int_equal(get->expect_rows_max, 100);
    assert_true(get->plan.given);
    assert_string_equal(get->plan.index, "idx");
    assert_int_equal(get->plan.scan, 0);
    assert_int_equal(get->plan.table_scan, -1);
    assert_int_equal(get->plan.temp_btree, 1);
    assert_int_equal(get->plan.auto_index, -1);
    assert_place(get->plan.place, 25, 8);
    assert_string_equal(get->engine.name, "zz_get");
    assert_int_equal(get->engine.statement_count, 1);
    assert_place(get->engine.statement_places[0], 21, 7);
    assert_place(get->engine.place, 20, 1);
    assert_int_equal(get->engine.param_count, 2);
    assert_string_equal(get->engine.params[0], "user");
    assert_null(get->engine.returned[0]);
    assert_int_equal(get->engine.batch, 1);
    assert_false(get->engine.immediate);

    const struct tg_op *dequeue = &scenario->ops[1];
    assert_int_equal(dequeue->expect_rows_min, -1);
    assert_false(dequeue->plan.given);
    assert_int_equal(dequeue->engine.statement_count, 2);
    assert_string_equal(dequeue->engine.statements[1], "UPDATE users SET x = :sql WHERE id = :id");
    assert_place(dequeue->engine.statement_places[1], 29, 3);
    assert_int_equal(dequeue->param_count, 2);
    assert_string_equal(dequeue->params[0].name, "sql");
    assert_int_equal(dequeue->params[0].spec.constant.integer, 1);
    assert_null(dequeue->engine.returned[0]);
    assert_string_equal(dequeue->engine.returned[1], "id");
    assert_true(dequeue->engine.immediate); /* it writes */

    const struct tg_op *bulk = &scenario->ops[2];
    assert_int_equal(bulk->engine.batch, 1000);
    assert_false(bulk->engine.immediate); /* as it says */
    assert_int_equal(bulk->params[0].spec.dist.kind, TG_DIST_NEXT);
    assert_int_equal(bulk->params[0].spec.min, 5);

    assert_int_equal(scenario->query_count, 1);
    assert_string_equal(scenario->queries[0].name, "extra");
    assert_string_equal(scenario->queries[0].sql, "SELECT :anything");
    assert_place(scenario->queries[0].sql_place, 39, 7);
    assert_int_equal(scenario->queries[0].plan.table_scan, 0);
    assert_int_equal(scenario->queries[0].plan.auto_index, 0);
    assert_int_equal(scenario->queries[0].plan.scan, -1);
    tg_scenario_free(scenario);
}

static void the_phases(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(whole);
    assert_int_equal(scenario->phase_count, 2);
    const struct tg_phase *first = &scenario->phases[0];
    assert_string_equal(first->name, "zz_first");
    assert_string_equal(first->mix, "main");
    assert_int_equal(first->entry_count, 2); /* without the one of weight 0 */
    assert_int_equal(first->entries[0].op, 2);
    assert_true(first->entries[0].weight == 1);
    assert_int_equal(first->entries[1].op, 0);
    assert_true(first->entries[1].weight == 2.5);
    assert_near(first->rate_per_s, 100);
    assert_int_equal(first->arrival, TG_ARRIVAL_POISSON);
    assert_int_equal(first->workers, 8);
    assert_int_equal(first->duration_ns, INT64_C(1500000000));
    assert_int_equal(first->count, 0);
    assert_int_equal(first->warmup_ns, INT64_C(250000000));
    assert_place(first->place, 45, 1);
    const struct tg_phase *after = &scenario->phases[1];
    assert_string_equal(after->name, "after");
    assert_int_equal(after->entry_count, 1);
    assert_int_equal(after->entries[0].op, 1);
    assert_true(after->rate_per_s == 0);
    assert_int_equal(after->workers, 1);
    assert_int_equal(after->duration_ns, 0);
    assert_int_equal(after->count, 1000);
    assert_int_equal(after->warmup_ns, 0);
    tg_scenario_free(scenario);
}

static void the_targets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t phase;
        int32_t op;
        enum tg_latency_kind latency;
        enum tg_metric_kind kind;
        double percentile;
        enum tg_compare compare;
        double limit;
        int line, column;
    } expected[] = {
        {"zz_get.p99.9 < 50ms", 0, 0, 0, TG_METRIC_PERCENTILE, 99.9, TG_LESS, 50e6, 58, 13},
        {"rate>=90/s", 0, -1, 0, TG_METRIC_RATE, 0, TG_GREATER_EQUAL, 90, 58, 36},
        {"lag.max <= 1s", 0, -1, TG_LATENCY_LAG, TG_METRIC_MAX, 0, TG_LESS_EQUAL, 1e9, 58, 50},
        {"errors <= 1%", 0, -1, 0, TG_METRIC_ERROR_RATE, 0, TG_LESS_EQUAL, 0.01, 59, 3},
        {"errors == 0", 0, -1, 0, TG_METRIC_ERRORS, 0, TG_EQUAL, 0, 59, 19},
        {"rss < 64MiB", 0, -1, 0, TG_METRIC_RSS, 0, TG_LESS, 67108864, 59, 34},
        {"cpu <= 150%", 0, -1, 0, TG_METRIC_CPU, 0, TG_LESS_EQUAL, 1.5, 59, 49},
        {"elapsed > 1s", 0, -1, 0, TG_METRIC_ELAPSED, 0, TG_GREATER, 1e9, 60, 3},
        {"bulk.service.mean < 2us", 0, 2, TG_LATENCY_SERVICE, TG_METRIC_MEAN, 0, TG_LESS, 2000, 60,
         19},
        {"dequeue.retries < 3", 1, 1, 0, TG_METRIC_RETRIES, 0, TG_LESS, 3, 61, 9},
    };
    struct tg_scenario *scenario = load(whole);
    assert_int_equal(scenario->target_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < scenario->target_count; i++) {
        const struct tg_target *target = &scenario->targets[i];
        assert_string_equal(target->text, expected[i].text);
        assert_int_equal(target->phase, expected[i].phase);
        assert_int_equal(target->metric.op, expected[i].op);
        assert_int_equal(target->metric.latency, expected[i].latency);
        assert_int_equal(target->metric.kind, expected[i].kind);
        assert_true(target->metric.percentile == expected[i].percentile);
        assert_int_equal(target->compare, expected[i].compare);
        assert_true(target->limit == expected[i].limit);
        assert_place(target->place, expected[i].line, expected[i].column);
    }
    assert_string_equal(scenario->targets[0].metric.text, "zz_get.p99.9");
    tg_scenario_free(scenario);
}

static void the_gate(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(whole);
    const struct tg_gate_spec *gate = &scenario->gate;
    assert_true(gate->given);
    assert_int_equal(gate->metric_count, 2);
    assert_string_equal(gate->metrics[0].text, "zz_get.p99");
    assert_int_equal(gate->metrics[0].op, 0);
    assert_int_equal(gate->metrics[1].kind, TG_METRIC_RATE);
    assert_int_equal(gate->margin_count, 3);
    assert_string_equal(gate->margins[0].name, "p99");
    assert_near(gate->margins[0].fraction, 0.05);
    assert_place(gate->margins[0].place, 64, 18);
    assert_near(gate->margins[1].fraction, 0.1);
    assert_string_equal(gate->margins[2].name, "zz_get.p99");
    assert_near(gate->margins[2].fraction, 0.075);
    assert_int_equal(gate->budget_ns, INT64_C(120000000000));
    tg_scenario_free(scenario);
}

static void the_views_of_stream_and_engine(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(whole);
    const struct tg_workload_spec *workload = &scenario->workload;
    assert_int_equal(workload->seed, scenario->seed);
    assert_ptr_equal(workload->loads, scenario->loads);
    assert_int_equal(workload->load_count, 2);
    assert_int_equal(workload->op_count, 3);
    assert_string_equal(workload->ops[2].name, "bulk");
    assert_int_equal(workload->ops[2].batch, 1000);
    assert_ptr_equal(workload->ops[2].params, scenario->ops[2].params);
    assert_int_equal(workload->ops[2].param_count, 1);
    assert_int_equal(workload->phase_count, 2);
    assert_string_equal(workload->phases[0].name, "zz_first");
    assert_ptr_equal(workload->phases[0].entries, scenario->phases[0].entries);
    assert_int_equal(workload->phases[0].entry_count, 2);
    assert_int_equal(scenario->store.op_count, 3);
    assert_string_equal(scenario->store.ops[1].name, "dequeue");
    tg_scenario_free(scenario);
}

static void row_expectations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t min, max;
    } expected[] = {
        {"0", 0, 0},
        {"\"7\"", 7, 7},
        {"\"1..100\"", 1, 100},
        {"\" 1 .. 1 \"", 1, 1},
        {"\">=1\"", 1, INT64_MAX},
        {"\"<= 9\"", 0, 9},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        char *text =
            tg_format("format = 1\nname = \"g\"\n[engine]\nkind = \"sqlite\"\n[op.o]\nsql = "
                      "\"SELECT 1\"\nexpect_rows = %s\n[[phase]]\nname = \"p\"\nmix = "
                      "\"o\"\ncount = 1\n",
                      expected[i].text);
        struct tg_scenario *scenario = load(text);
        assert_int_equal(scenario->ops[0].expect_rows_min, expected[i].min);
        assert_int_equal(scenario->ops[0].expect_rows_max, expected[i].max);
        assert_false(scenario->gate.given);
        assert_null(scenario->store.library);
        assert_null(scenario->store.database);
        assert_string_equal(scenario->description, "");
        assert_int_equal(scenario->seed, 1);
        tg_scenario_free(scenario);
        free(text);
    }
}

/* ---- an engine without SQL ---- */

static void an_engine_without_sql(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(
        "format = 1\nname = \"n\"\n[engine]\nkind = \"noop\"\ndelay = \"1us\"\n[op.o]\nb = 1\na "
        "= { gen = \"bool\" }\nparams.batch = 3\n[[phase]]\nname = \"p\"\nmix = \"o\"\ncount = "
        "1\n");
    assert_ptr_equal(scenario->engine, &test_noop);
    assert_string_equal(scenario->store.options[0].value, "1us");
    assert_int_equal(scenario->ops[0].engine.statement_count, 0);
    assert_int_equal(scenario->ops[0].param_count, 3);
    assert_string_equal(scenario->ops[0].params[0].name, "b");
    assert_string_equal(scenario->ops[0].params[1].name, "a");
    assert_string_equal(scenario->ops[0].params[2].name, "batch");
    tg_scenario_free(scenario);

    static const char wrong[] = "format = 1\nname = \"n\"\n[engine]\nkind = \"noop\"\n"
                                "library = \"x.so\"\nschema = \"schema.sql\"\nbusy_retries = 1\n"
                                "[op.o]\nsql = \"SELECT 1\"\nplan = { scan = false }\n[query.q]\n"
                                "sql = \"SELECT 1\"\n[[phase]]\nname = \"p\"\nmix = \"o\"\n"
                                "count = 1\n";
    char *said;
    assert_null(load_bytes(wrong, strlen(wrong), NULL, 0, &said));
    assert_string_equal(said, "5:1: error: the engine \"noop\" loads no library\n"
                              "6:1: error: the engine \"noop\" has no use for \"schema\"\n"
                              "7:1: error: unknown key \"busy_retries\"\n"
                              "  hint: known keys: kind, library, database, pragma, schema, delay\n"
                              "9:1: error: the engine \"noop\" takes no SQL and so no \"sql\"\n"
                              "10:1: error: the engine \"noop\" takes no SQL and so no \"plan\"\n"
                              "11:2: error: the engine \"noop\" takes no SQL and so no queries\n");
    free(said);
}

/* ---- metrics by themselves ---- */

static void metrics_are_parsed_from_text(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(whole);
    struct tg_metric metric;
    const char *why;
    const char *hint;
    assert_true(tg_metric_parse(scenario, "zz_get.service.p50", &metric, &why, &hint));
    assert_int_equal(metric.op, 0);
    assert_int_equal(metric.latency, TG_LATENCY_SERVICE);
    assert_true(metric.percentile == 50);
    assert_true(tg_metric_parse(scenario, "p100", &metric, &why, &hint));
    assert_int_equal(metric.op, -1);
    assert_true(metric.percentile == 100);
    static const char *const wrong[] = {"",
                                        "p",
                                        "p101",
                                        "p99.",
                                        "p1.2.3",
                                        "zz_get.",
                                        ".p99",
                                        "zz_get",
                                        "lag",
                                        "lag.rate",
                                        "P99",
                                        "p99 ",
                                        "zz_get.cpu",
                                        "nobody.p9",
                                        "p1e1",
                                        "p99.99x",
                                        "zz_get.lag.lag.p9"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(tg_metric_parse(scenario, wrong[i], &metric, &why, &hint));
        assert_non_null(why);
    }
    tg_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_and_the_engine),
        cmocka_unit_test(the_loads),
        cmocka_unit_test(the_operations),
        cmocka_unit_test(the_phases),
        cmocka_unit_test(the_targets),
        cmocka_unit_test(the_gate),
        cmocka_unit_test(the_views_of_stream_and_engine),
        cmocka_unit_test(row_expectations),
        cmocka_unit_test(an_engine_without_sql),
        cmocka_unit_test(metrics_are_parsed_from_text),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
