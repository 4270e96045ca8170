/* Every error of a scenario, with its exact place and words. Places are counted by hand; the words
 * are those that docs/scenario.md and the language promise. */
#include "scenario_cases.h"

static void the_base_is_right(void **state)
{
    (void)state;
    static const struct error_case cases[] = {{0, "", ""}};
    CHECK(cases);
}

static void malformed_toml(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {15, "count = 50ms",
         "15:11: error: malformed TOML: expected digit, saw 'm' in a number\n"
         "  hint: a value with a unit is text and needs quotes, such as \"50ms\"\n"},
        {13, "name = steady",
         "13:8: error: malformed TOML: could not determine value type\n"
         "  hint: text needs quotes\n"},
        {13, "name = \"ste",
         "13:12: error: malformed TOML: unescaped control characters other than TAB (U+0009) are "
         "explicitly prohibited in a string\n"},
        {11, "sql = \"twice\"",
         "11:7: error: malformed TOML: cannot redefine existing string 'sql'\n"
         "  hint: a table or key can be given only once\n"},
        {15, "count",
         "15:6: error: malformed TOML: expected '=', saw '\\n'\n"
         "  hint: a key is followed by = and its value\n"},
        {15, "count = {",
         "15:10: error: malformed TOML: expected key or closing '}', saw '\\n' in an inline table\n"
         "  hint: an inline table { ... } has to stay on one line\n"},
        {13, "name = \"a\\u0000b\"", "13:8: error: text must not hold the character U+0000\n"},
        {1, "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q = 1",
         "1:32: error: a key of more than 16 parts\n"
         "  hint: nothing in a scenario is nested that deeply\n"},
    };
    CHECK(cases);
}

static void top_of_the_document(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {1, "",
         "1:1: error: missing key \"format\"\n"
         "  hint: add format = 1\n"},
        {1, "format = 2",
         "1:10: error: \"format\" must be 1, not 2\n"
         "  hint: this version of Tailgate reads format 1\n"},
        {1, "format = \"1\"", "1:10: error: \"format\" must be an integer, not a string\n"},
        {2, "nmae = \"x\"",
         "1:1: error: missing key \"name\"\n"
         "  hint: add name = \"my_store\"\n"
         "2:1: error: unknown key \"nmae\"\n"
         "  hint: did you mean \"name\"?\n"},
        {2, "name = \"a b\"",
         "2:8: error: \"a b\" cannot be the name of a scenario\n"
         "  hint: names are letters, digits, '_', '.' and '-'\n"},
        {2, "name = \"x\"\nseed = -1", "3:8: error: \"seed\" must be at least 0, not -1\n"},
        {2, "name = \"x\"\nseed = 1.5",
         "3:8: error: \"seed\" must be an integer, not a decimal number\n"},
        {2, "name = \"x\"\nquite_other = 1",
         "3:1: error: unknown key \"quite_other\"\n"
         "  hint: known keys: format, name, description, seed, engine, load, op, query, mix, "
         "phase, "
         "targets, gate, inject, sweep\n"},
        {12, "[[phases]]",
         "1:1: error: missing [[phase]]: nothing would be run\n"
         "  hint: add [[phase]] with name, mix and for\n"
         "12:3: error: unknown key \"phases\"\n"
         "  hint: did you mean \"phase\"?\n"},
        {12, "[phase]",
         "12:1: error: \"phase\" must be an array of tables, not a table\n"
         "  hint: write [[phase]] with two brackets\n"},
    };
    CHECK(cases);
}

static void engine_section(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {4, "kind = \"sqlit\"",
         "4:8: error: no engine is called \"sqlit\"\n"
         "  hint: did you mean \"sqlite\"?\n"},
        {4, "kind = \"oracle\"",
         "4:8: error: no engine is called \"oracle\"\n"
         "  hint: known engines: sqlite, noop\n"},
        {4, "", "3:1: error: missing key \"kind\"\n  hint: add kind = \"sqlite\"\n"},
        {4, "kind = \"sqlite\"\nbusy_retry = 5",
         "5:1: error: unknown key \"busy_retry\"\n"
         "  hint: did you mean \"busy_retries\"?\n"},
        {4, "kind = \"sqlite\"\nbusy_retries = [5]",
         "5:16: error: \"busy_retries\" must be a string, a number or a boolean, not an array\n"},
        {4, "kind = \"sqlite\"\ndatabase = \"a/b.db\"",
         "5:12: error: \"database\" must be a plain file name, not \"a/b.db\"\n"
         "  hint: the file is made in a folder of Tailgate's own\n"},
        {4, "kind = \"sqlite\"\npragma = \"WAL\"",
         "5:10: error: \"pragma\" must be a table, not a string\n"},
        {4, "kind = \"sqlite\"\npragma = { \"a;b\" = 1, c = [] }",
         "5:12: error: \"a;b\" cannot be the name of a setting\n"
         "5:27: error: \"c\" must be a string, a number or a boolean, not an array\n"},
        {5, "schema = [1]", "5:11: error: \"schema[0]\" must be a string, not an integer\n"},
        {5, "schema = []", "5:10: error: \"schema\" is empty\n"},
        {5, "",
         "6:1: error: no schema makes the table \"t\"\n"
         "  hint: add schema = [\"schema.sql\"] to [engine]\n"},
        {3, "[engine]\nlibrary = \"\"", "4:11: error: \"library\" is empty\n"},
    };
    CHECK(cases);
}

/* The hint of a missing schema file names the folder, which differs from run to run. */
static void a_missing_schema_file(void **state)
{
    (void)state;
    char *said = tg_format("5:25: error: schema file \"schma.sql\": cannot open: No such file or "
                           "directory\n  hint: looked for %s/schma.sql; paths are relative to the "
                           "scenario's folder\n",
                           test_folder);
    const struct error_case one = {5, "schema = [\"schema.sql\", \"schma.sql\"]", said};
    check_case(&one);
    free(said);
}

static void loads(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {7, "", "6:1: error: missing key \"rows\"\n  hint: add rows = 1000\n"},
        {7, "rows = 0", "7:8: error: \"rows\" must be from 1 to 100000000000, not 0\n"},
        {7, "rows = \"many\"", "7:8: error: \"rows\" must be an integer, not a string\n"},
        {8, "id = { gen = \"sequential\" }\ncolumns = { id = 1 }",
         "9:13: error: column \"id\" is given twice\n"},
        {8, "id = [1]", "8:6: error: \"id\" must be a generator or a constant, not an array\n"},
        {8, "id = 2025-01-01",
         "8:6: error: \"id\" must be a string, a number or a boolean, not a date or time\n"
         "  hint: write the date and time in quotes\n"},
        {6, "[load]\nu = 5\n[load.t]", "7:5: error: \"u\" must be a table, not an integer\n"},
        {6, "[load.u]\nrows = 5\n[load.t]",
         "6:1: error: the load of \"u\" has no columns\n"
         "  hint: add COLUMN = { gen = \"...\" }\n"},
    };
    CHECK(cases);
}

static void operations(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {10, "", "9:1: error: missing key \"sql\"\n  hint: add sql = \"SELECT ...\"\n"},
        {10, "sql = \" -- nothing\"",
         "10:7: error: \"sql\" holds no statement\n"
         "11:1: error: \"id\" is no key of an operation and no "
         "statement has a parameter :id\n"
         "  hint: known: sql, begin, plan, batch, expect_rows, "
         "params\n"},
        {10, "sql = 5",
         "10:7: error: \"sql\" must be a string or an array of strings, not an "
         "integer\n"},
        {10, "sql = \"SELECT :id; SELECT 2\"",
         "10:7: error: \"sql\" holds more than one statement\n"
         "  hint: write an array: sql = [\"...\", \"...\"]\n"},
        {10, "sql = \"SELECT ?, :id\"",
         "10:7: error: the statement has a ? parameter\n"
         "  hint: give the parameter a name, as in :id\n"},
        {10, "sql = [\"BEGIN\", \"SELECT :id\"]",
         "10:8: error: BEGIN is not for operations\n"
         "  hint: the statements of an operation are one transaction already\n"},
        {10, "sql = [\"SELECT 1\", \"SELECT :id, :state\"]",
         "10:20: error: the parameter :state has no generator\n"
         "  hint: add state = { gen = \"...\" } to [op.get.params]\n"},
        {10, "sql = \"SELECT :id, :sql\"",
         "10:7: error: the parameter :sql has no generator\n"
         "  hint: add sql = { gen = \"...\" } to [op.get.params]\n"},
        {11, "id = 1\nidd = 2",
         "12:1: error: \"idd\" is no key of an operation and no statement has a parameter :idd\n"
         "  hint: did you mean \"id\"?\n"},
        {11, "id = 1\nexpect_row = 2",
         "12:1: error: \"expect_row\" is no key of an operation and no statement has a parameter "
         ":expect_row\n"
         "  hint: did you mean \"expect_rows\"?\n"},
        {11, "params = { id = 1, other = 2 }",
         "11:20: error: \"other\" is no key of an operation and no statement has a parameter "
         ":other\n"
         "  hint: known: id\n"},
        {11, "id = 1\nparams = { id = 1 }", "11:1: error: parameter \"id\" is given twice\n"},
        {11, "id = 1\nbatch = 0", "12:9: error: \"batch\" must be from 1 to 1000000, not 0\n"},
        {11, "id = 1\nbatch = 2\nbegin = \"now\"",
         "13:9: error: \"now\" is not a value of \"begin\"\n"
         "  hint: known values: deferred, immediate\n"},
        {11, "id = 1\nbegin = \"immediate\"",
         "12:1: error: \"begin\" has no effect: one statement with batch = 1 is not run in a "
         "transaction\n"
         "  hint: remove it\n"},
        {11, "id = 1\nexpect_rows = \"5..1\"",
         "12:15: error: \"expect_rows\" is no number of rows: \"5..1\"\n"
         "  hint: write 1, \"1..100\", \">=1\" or \"<=100\"\n"},
        {11, "id = 1\nexpect_rows = \"> 5\"",
         "12:15: error: \"expect_rows\" is no number of rows: \"> 5\"\n"
         "  hint: write 1, \"1..100\", \">=1\" or \"<=100\"\n"},
        {11, "id = 1\nexpect_rows = -1",
         "12:15: error: \"expect_rows\" must be at least 0, not -1\n"},
        {11, "id = 1\nexpect_rows = 1.5",
         "12:15: error: \"expect_rows\" must be an integer, not a decimal number\n"},
        {11, "id = 1\nplan = { scans = false }",
         "12:10: error: unknown key \"scans\"\n"
         "  hint: did you mean \"scan\"?\n"},
        {11, "id = 1\nplan = {}",
         "12:8: error: \"plan\" expects nothing\n"
         "  hint: add scan = false, or index = \"...\"\n"},
        {9, "[op.p99]",
         "9:5: error: \"p99\" is the name of a metric\n"
         "  hint: give the operation another name\n"
         "14:7: error: no mix or operation is called \"get\"\n"
         "  hint: mixes and operations: p99\n"},
        {9, "[op.\"a b\"]",
         "9:5: error: \"a b\" cannot be the name of an operation\n"
         "  hint: names are letters, digits and _, and do not start with a digit\n"
         "14:7: error: no mix or operation is called \"get\"\n"
         "  hint: mixes and operations: a b\n"},
        {11, "id = { gen = \"returned\", column = \"id\" }",
         "11:6: error: \"returned\" needs an operation with an earlier statement whose row it "
         "takes\n"
         "11:6: error: \"id\" is taken from the row of an earlier statement, but the first "
         "statement has it already\n"},
        {8, "id = { gen = \"returned\", column = \"id\" }",
         "8:6: error: \"returned\" needs an operation with an earlier statement whose row it "
         "takes\n"},
        {11, "id = 1\n[query.q]\nsql = \"SELECT 1; SELECT 2\"\nplann = {}",
         "13:7: error: \"sql\" holds more than one statement\n"
         "  hint: write one query per statement\n"
         "14:1: error: unknown key \"plann\"\n"
         "  hint: did you mean \"plan\"?\n"},
    };
    CHECK(cases);
}

static void mixes_and_phases(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {11, "id = 1\n[mix.get]\nget = 1",
         "12:6: error: \"get\" is the name of an operation\n"
         "  hint: a phase could mean either: give the mix another name\n"},
        {11, "id = 1\n[mix.main]\ngett = 1",
         "13:1: error: no operation is called \"gett\"\n"
         "  hint: did you mean \"get\"?\n"},
        {11, "id = 1\n[mix.main]\nget = 0",
         "12:1: error: the weights of the mix \"main\" sum to zero\n"},
        {11, "id = 1\n[mix.main]\nget = -1",
         "13:7: error: \"get\" must be from 0 to 1e+15, not -1\n"},
        {11, "id = 1\n[mix.main]",
         "12:1: error: the mix \"main\" names no operation\n"
         "  hint: add OPERATION = WEIGHT\n"},
        {11, "id = 1\n[mix]\nmain = 1", "13:8: error: \"main\" must be a table, not an integer\n"},
        {13, "", "12:1: error: missing key \"name\"\n  hint: add name = \"steady\"\n"},
        {13, "name = \"a-b\"",
         "13:8: error: \"a-b\" cannot be the name of a phase\n"
         "  hint: names are letters, digits and _, and do not start with a digit\n"},
        {15, "count = 10\n[[phase]]\nname = \"steady\"\nmix = \"get\"\ncount = 1",
         "17:8: error: a phase is already called \"steady\", in line 12\n"},
        {14, "", "12:1: error: missing key \"mix\"\n  hint: add mix = \"main\"\n"},
        {14, "mix = \"git\"",
         "14:7: error: no mix or operation is called \"git\"\n"
         "  hint: did you mean \"get\"?\n"},
        {15, "",
         "12:1: error: missing key \"for\"\n"
         "  hint: add for = \"10s\", or count = 1000\n"},
        {15, "count = 10\nfor = \"1s\"", "15:1: error: give \"for\" or \"count\", not both\n"},
        {15, "for = \"0s\"", "15:7: error: \"for\" must be at least 1 ns, not \"0s\"\n"},
        {15, "for = 60",
         "15:7: error: \"for\" must be a duration such as \"50ms\", not an integer\n"},
        {15, "count = 10\nworkers = 1000",
         "16:11: error: \"workers\" must be from 1 to 256, not 1000\n"},
        {15, "count = 10\nrate = \"1000/day\"",
         "16:8: error: \"rate\" is no rate: \"1000/day\"\n"
         "  hint: write 1000, \"1000/s\" or \"30/min\"\n"},
        {15, "count = 10\nrate = 0",
         "16:8: error: \"rate\" must be above 0 and at most 1e+09 per second, not 0\n"},
        {15, "count = 10\nrate = nan", "16:8: error: \"rate\" must be a finite number\n"},
        {15, "count = 10\narrival = \"poisson\"",
         "16:1: error: \"arrival\" needs a \"rate\"\n"
         "  hint: without a rate the next operation starts when the one before it is done\n"},
        {15, "count = 10\nrate = 5\narrival = \"posson\"",
         "17:11: error: \"posson\" is not a value of \"arrival\"\n"
         "  hint: did you mean \"poisson\"?\n"},
        {15, "count = 10\nratee = 5",
         "16:1: error: unknown key \"ratee\"\n"
         "  hint: did you mean \"rate\"?\n"},
    };
    CHECK(cases);
}

static void targets(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {15, "count = 1\n[targets]\nstedy = \"errors == 0\"",
         "17:1: error: no phase is called \"stedy\"\n"
         "  hint: did you mean \"steady\"?\n"},
        {15, "count = 1\n[targets]\nsteady = [\"gett.p99 < 5ms\", \"get.p9999 < 5ms\"]",
         "17:11: error: no operation is called \"gett\"\n"
         "  hint: did you mean \"get\"?\n"
         "17:29: error: \"p9999\" is no percentile\n"
         "  hint: did you mean \"p99.99\"?\n"},
        {15, "count = 1\n[targets]\nsteady = \"get.p0 < 5ms\"",
         "17:10: error: \"p0\" is no percentile\n"
         "  hint: percentiles are above p0 and up to p100, as in p50, p99 or p99.9\n"},
        {15, "count = 1\n[targets]\nsteady = \"get < 5ms\"",
         "17:10: error: \"get\" is an operation, not a metric\n"
         "  hint: write which of its metrics, as in get.p99\n"},
        {15, "count = 1\n[targets]\nsteady = \"ratee > 5/s\"",
         "17:10: error: \"ratee\" is no metric\n"
         "  hint: did you mean \"rate\"?\n"},
        {15, "count = 1\n[targets]\nsteady = \"get.rss < 5MiB\"",
         "17:10: error: \"rss\" is of a whole phase, not of one operation\n"},
        {15, "count = 1\n[targets]\nsteady = \"service.rate > 5/s\"",
         "17:10: error: \"rate\" is no latency: there is no service rate\n"},
        {15, "count = 1\n[targets]\nsteady = \"get.lag.p99 < 5ms\"",
         "17:10: error: the phase \"steady\" has no rate and so no lag time\n"
         "  hint: give the phase a rate, or use the service time\n"},
        {15, "count = 1\n[targets]\nsteady = \"get.p99 is small\"",
         "17:10: error: \"get.p99 is small\" is no target\n"
         "  hint: write METRIC < LIMIT, as in \"session_get.p99 < 50ms\", with <, <=, >, >= or "
         "==\n"},
        {15, "count = 1\n[targets]\nsteady = \"get.p99 < 50\"",
         "17:10: error: \"50\" is no limit for \"get.p99\"\n"
         "  hint: write a limit such as 50ms\n"},
        {15, "count = 1\n[targets]\nsteady = \"rate >= 5ms\"",
         "17:10: error: \"5ms\" is no limit for \"rate\"\n"
         "  hint: write a limit such as 800/s\n"},
        {15, "count = 1\n[targets]\nsteady = \"errors == \"",
         "17:10: error: \"\" is no limit for \"errors\"\n"
         "  hint: write a limit such as 0\n"},
        {15, "count = 1\n[targets]\nsteady = \" < 5ms\"",
         "17:10: error: \"\" is no metric\n"
         "  hint: metrics are p50, p99, p99.9, mean, min, max, rate, count, errors, error_rate, "
         "retries, and of a phase elapsed, rss, cpu; in a gate also stalls\n"},
        {15, "count = 1\n[targets]\nsteady = 5",
         "17:10: error: \"steady\" must be a string or an array of strings, not an integer\n"},
        {15, "count = 1\n[op.put]\nsql = \"SELECT 1\"\n[targets]\nsteady = \"put.p99 < 5ms\"",
         "16:1: warning: no phase runs the operation \"put\"\n"
         "19:10: error: the phase \"steady\" does not run the operation \"put\"\n"},
    };
    CHECK(cases);
}

static void gate(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {15, "count = 1\n[gate]\nmetrics = [\"get.p99\", \"get.p\"]",
         "17:23: error: \"p\" is no metric\n"
         "  hint: metrics are p50, p99, p99.9, mean, min, max, rate, count, errors, error_rate, "
         "retries, and of a phase elapsed, rss, cpu; in a gate also stalls\n"},
        {15, "count = 1\n[gate]\nmetrics = \"response.p99\"",
         "17:11: error: no phase measures \"response.p99\"\n"},
        {15, "count = 1\n[gate]\nmargin = { p99 = \"0%\", rte = 0.5, rate = 1.5 }",
         "17:18: error: a margin must be above 0%\n"
         "17:24: error: \"rte\" is no metric\n"
         "  hint: did you mean \"rate\"?\n"
         "17:42: error: \"rate\" must be from 0% to 100%, not 150%\n"},
        {15, "count = 1\n[gate]\nmargin = { p99.9 = \"5%\" }",
         "17:12: error: \"p99\" must be a margin, not a table\n"
         "  hint: a metric with a dot needs quotes: \"p99.9\" = \"5%\"\n"},
        {15, "count = 1\n[gate]\nbudget = \"1ms\"",
         "17:10: error: \"budget\" must be at least 1.00 s, not \"1ms\"\n"},
        {15, "count = 1\n[gate]\nmetric = \"rate\"",
         "17:1: error: unknown key \"metric\"\n"
         "  hint: did you mean \"metrics\"?\n"},
    };
    CHECK(cases);
}

static void inject(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {15, "count = 1\n[inject]\ngte = \"10%\"",
         "17:1: error: no operation is called \"gte\"\n"
         "  hint: did you mean \"get\"?\n"},
        {15, "count = 1\n[inject]\nget = 10",
         "17:7: error: \"get\" must be a percentage or a duration, not an integer\n"
         "  hint: write \"10%\" of the operation's own time, or a time such as \"5us\"\n"},
        {15, "count = 1\n[inject]\nget = \"0.1\"",
         "17:7: error: \"get\" is no percentage and no duration: \"0.1\"\n"
         "  hint: write \"10%\" of the operation's own time, or a time such as \"5us\"\n"},
        {15, "count = 1\n[inject]\nget = \"-5%\"",
         "17:7: error: \"get\" is no percentage and no duration: \"-5%\"\n"
         "  hint: write \"10%\" of the operation's own time, or a time such as \"5us\"\n"},
        {15, "count = 1\n[inject]\nget = \"0%\"",
         "17:7: error: \"get\" must be above 0, and at most 1000% or 1s, not \"0%\"\n"},
        {15, "count = 1\n[inject]\nget = \"0us\"",
         "17:7: error: \"get\" must be above 0, and at most 1000% or 1s, not \"0us\"\n"},
        {15, "count = 1\n[inject]\nget = \"1001%\"",
         "17:7: error: \"get\" must be above 0, and at most 1000% or 1s, not \"1001%\"\n"},
        {15, "count = 1\n[inject]\nget = \"1001ms\"",
         "17:7: error: \"get\" must be above 0, and at most 1000% or 1s, not \"1001ms\"\n"},
        {15, "count = 1\n[inject]\nget = { of = \"0%\", slowst = 1 }",
         "17:7: error: missing key \"add\"\n"
         "  hint: add add = \"10%\"\n"
         "17:14: error: \"of\" must be above 0%\n"
         "17:20: error: unknown key \"slowst\"\n"
         "  hint: did you mean \"slowest\"?\n"},
        {15, "count = 1\n[inject]\nget = { add = \"x\", slowest = \"101%\" }",
         "17:15: error: \"add\" is no percentage and no duration: \"x\"\n"
         "  hint: write \"10%\" of the operation's own time, or a time such as \"5us\"\n"
         "17:30: error: \"slowest\" must be from 0% to 100%, not 101%\n"},
        {15, "count = 1\n[inject]\nget = { add = \"5%\", of = \"2%\", slowest = \"2%\" }",
         "17:32: error: give \"of\" or \"slowest\", not both\n"},
        {11, "id = 1\n[op.spare]\nsql = \"SELECT 1\"\n[inject]\nspare = \"5%\"",
         "12:1: warning: no phase runs the operation \"spare\"\n"
         "14:1: warning: the results of this scenario are slowed on purpose: [inject]\n"
         "15:1: warning: no phase runs the operation \"spare\", which is to be slowed\n"},
    };
    CHECK(cases);
}

static void what_is_never_used_is_a_warning(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {11, "id = 1\n[op.spare]\nsql = \"SELECT 1\"\n[mix.idle]\nget = 1\nspare = 0",
         "12:1: warning: no phase runs the operation \"spare\"\n"
         "14:1: warning: no phase uses the mix \"idle\"\n"},
        /* Margins: of all operations, of one, of a latency in open loop. Nearest is by letters. */
        {15,
         "count = 1\n[gate]\nmetrics = [\"get.p99\", \"rate\"]\n"
         "margin = { p90 = 0.1, p99 = 0.1, \"get.p50\" = 0.1, \"get.p99\" = 0.1, "
         "\"response.p99\" = 0.1, \"service.p99\" = 0.1, errors = 0.1 }",
         "18:12: warning: no metric is gated that the margin \"p90\" is of\n"
         "  hint: did you mean \"p99\"?\n"
         "18:34: warning: no metric is gated that the margin \"get.p50\" is of\n"
         "  hint: did you mean \"get.p99\"?\n"
         "18:68: warning: no metric is gated that the margin \"response.p99\" is of\n"
         "  hint: gated are get.p99, rate\n"
         "18:111: warning: no metric is gated that the margin \"errors\" is of\n"
         "  hint: gated are get.p99, rate\n"},
        /* Where no metrics are named: p50, p95, p99 and the rate. */
        {15, "count = 1\n[gate]\nmargin = { p95 = 0.1, rate = 0.1, \"p99.9\" = 0.1, stalls = 1 }",
         "17:35: warning: no metric is gated that the margin \"p99.9\" is of\n"
         "  hint: gated are get.p50, get.p95, get.p99, rate\n"
         "17:50: warning: no metric is gated that the margin \"stalls\" is of\n"
         "  hint: gated are get.p50, get.p95, get.p99, rate\n"},
    };
    CHECK(cases);
}

static void all_errors_are_listed_by_place(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {8,
         "id = { gen = \"pick\", of = \"xyz.y\" }\nz = { gen = \"what\" }\n[gate]\nbudget = 1\n"
         "[targets]\nlate = \"a\"",
         "8:27: error: no load defines the table \"xyz\"\n"
         "  hint: loaded tables: t\n"
         "9:13: error: \"what\" is not a value of \"gen\"\n"
         "  hint: known values: uniform, zipf, latest, gaussian, hotset, sequential, next, int, "
         "format, float, text, choice, timestamp, bool, const, json, json_events, vector, pick, "
         "graph, returned\n"
         "11:10: error: \"budget\" must be a duration such as \"50ms\", not an integer\n"
         "13:1: error: no phase is called \"late\"\n"
         "  hint: phases: steady\n"},
    };
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_base_is_right),
        cmocka_unit_test(malformed_toml),
        cmocka_unit_test(top_of_the_document),
        cmocka_unit_test(engine_section),
        cmocka_unit_test(a_missing_schema_file),
        cmocka_unit_test(loads),
        cmocka_unit_test(operations),
        cmocka_unit_test(mixes_and_phases),
        cmocka_unit_test(targets),
        cmocka_unit_test(gate),
        cmocka_unit_test(inject),
        cmocka_unit_test(what_is_never_used_is_a_warning),
        cmocka_unit_test(all_errors_are_listed_by_place),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
