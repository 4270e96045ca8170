#include "sample_result.h"

#include <math.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* `count` values spread evenly over [first, last], ns. */
static struct tg_hdr *spread(int64_t count, int64_t first, int64_t last)
{
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    for (int64_t i = 0; i < count; i++)
        tg_hdr_record(hdr, count > 1 ? first + (last - first) * i / (count - 1) : first);
    return hdr;
}

static void fill_steady(struct tg_result *result, struct tg_phase_result *phase)
{
    static struct tg_error_count errors[] = {
        {5, "SQLITE_BUSY", 11, "database is locked"},
        {TG_EXPECT_ROWS_CODE, "expect_rows", 1, "0 rows, expected 1"},
    };
    static struct tg_named_value counters[] = {{"cache_hit", "120034"}, {"fullscan_step", "77"}};
    static struct tg_phase_interval intervals[] = {{0, 1000000000, 0, 71000},
                                                   {1000000000, 1000000000, 30000000, 3100000}};
    *phase = (struct tg_phase_result){
        .name = "steady",
        .open_loop = true,
        .rate_per_s = 1000,
        .arrival = TG_ARRIVAL_CONSTANT,
        .workers = 4,
        .planned_ns = 60 * TG_NS_PER_S,
        .warmup_ns = TG_NS_PER_S,
        .elapsed_ns = 60 * TG_NS_PER_S,
        .op_count = 2,
        .busy_lag = spread(600, 20000, 900000),
        .late_lag = spread(59400, 1000, 60000),
        .offered = 60000,
        .issued = 60000,
        .hiccups = spread(60000, 40000, 3100000),
        .steal_ns = 30000000,
        .cpu_pressure_ns = 720000000,
        .io_pressure_ns = 0,
        .cpu_user_ns = 12 * TG_NS_PER_S,
        .cpu_system_ns = 13 * TG_NS_PER_S,
        .rss_peak_bytes = 64 << 20,
        .files_bytes = 210 << 20,
        .files_peak_bytes = 240 << 20,
        .log_peak_bytes = 30 << 20,
        .harness_ns = 41,
        .counters = counters,
        .counter_count = COUNT(counters),
        .intervals = intervals,
        .interval_count = COUNT(intervals),
        .interval_log = tg_strdup("#[a log]\n"),
        .interval_log_file = "",
    };
    phase->ops = tg_arena_array(&result->arena, phase->op_count, sizeof *phase->ops);
    phase->ops[0] = (struct tg_op_result){
        .name = "session_get",
        .succeeded = 48000,
        .rows = 48000,
        .service = spread(48000, 30000, 110000),
        .response = spread(48000, 32000, 180000),
        .lag = spread(48000, 1000, 70000),
    };
    phase->ops[1] = (struct tg_op_result){
        .name = "memory_put",
        .succeeded = 11988,
        .failed = 12,
        .retries = 345,
        .rows = 11988,
        .errors = errors,
        .error_count = COUNT(errors),
        .service = spread(11988, 90000, 1200000),
        .response = spread(11988, 92000, 2000000),
        .lag = spread(12000, 1000, 900000),
    };
}

static void fill_burst(struct tg_result *result, struct tg_phase_result *phase)
{
    *phase = (struct tg_phase_result){
        .name = "burst",
        .workers = 50,
        .planned_count = 50,
        .elapsed_ns = 4 * TG_NS_PER_MS,
        .op_count = 1,
        .hiccups = spread(3, 50000, 60000),
        .steal_ns = 0,
        .cpu_pressure_ns = -1,
        .io_pressure_ns = -1,
        .log_peak_bytes = -1,
        .cpu_user_ns = 3 * TG_NS_PER_MS,
        .rss_peak_bytes = 64 << 20,
        .harness_ns = -1,
        .interval_log_file = "",
    };
    phase->ops = tg_arena_array(&result->arena, 1, sizeof *phase->ops);
    phase->ops[0] = (struct tg_op_result){
        .name = "sessions_read",
        .succeeded = 50,
        .rows = 5000,
        .service = spread(50, 300000, 3500000),
    };
}

static void fill_coverage(struct tg_coverage *coverage)
{
    static struct tg_plan_step search[] = {
        {.kind = TG_STEP_SEARCH,
         .id = 3,
         .table = "sessions",
         .index = "idx_sessions_pk",
         .detail = "SEARCH sessions USING INDEX idx_sessions_pk (id=?)"}};
    static struct tg_plan_step scan[] = {
        {.kind = TG_STEP_TABLE_SCAN, .id = 5, .table = "sessions", .detail = "SCAN sessions"},
        {.kind = TG_STEP_TEMP_BTREE, .id = 20, .detail = "USE TEMP B-TREE FOR ORDER BY"}};
    static struct tg_coverage_statement statements[] = {
        {.owner = "session_get",
         .number = 1,
         .sql = "SELECT * FROM sessions WHERE id = :id",
         .plan = {search, COUNT(search)}},
        {.owner = "active_sessions",
         .query = true,
         .number = 1,
         .sql = "SELECT id FROM sessions WHERE status = 'active' ORDER BY last_update_time DESC",
         .plan = {scan, COUNT(scan)}},
    };
    static struct tg_plan_step automatic[] = {
        {.kind = TG_STEP_SEARCH,
         .id = 3,
         .table = "sessions",
         .index = "sqlite_autoindex_sessions_1",
         .detail = "SEARCH sessions USING INDEX sqlite_autoindex_sessions_1 (id=?)"}};
    static struct tg_coverage_change changes[] = {{"session_get", 1, {automatic, 1}}};
    static struct tg_coverage_index indexes[] = {
        {.info = {.table = "sessions",
                  .name = "idx_sessions_pk",
                  .columns = "id",
                  .unique = true,
                  .drop = "DROP INDEX idx_sessions_pk"},
         .users = 1,
         .duplicate_of = "sqlite_autoindex_sessions_1",
         .trial = TG_INDEX_SPARE,
         .changes = changes,
         .change_count = COUNT(changes)},
        {.info = {.table = "sessions",
                  .name = "idx_sessions_project",
                  .columns = "project_id, created_at DESC",
                  .where = "project_id IS NOT NULL",
                  .foreign_key = "project_id -> projects",
                  .drop = "DROP INDEX idx_sessions_project"},
         .users = 0},
    };
    static struct tg_coverage_miss misses[] = {
        {"active_sessions",
         "must not scan a table, the plan scans sessions",
         {"scenarios/sample.toml", 12, 1}},
    };
    *coverage = (struct tg_coverage){statements, COUNT(statements), indexes, COUNT(indexes),
                                     misses,     COUNT(misses)};
}

/* As a run does: the value is that of the histogram, and so that of the tables. */
static void measure(struct tg_target_result *target, const struct tg_hdr *hdr)
{
    target->value = (double)tg_hdr_percentile(hdr, 99);
    target->ratio = target->limit / target->value;
}

static void fill_targets(struct tg_result *result)
{
    static struct tg_target_result targets[] = {
        {"memory_store/steady/session_get/response.p99", "steady", "session_get.p99 < 50ms",
         TG_METRIC_PERCENTILE, TG_LESS, 50e6, 178500, 50e6 / 178500, TG_TARGET_MET},
        {"memory_store/steady/*/rate", "steady", "rate >= 1_300/s", TG_METRIC_RATE,
         TG_GREATER_EQUAL, 1300, 999.8, 999.8 / 1300, TG_TARGET_MISSED},
        {"memory_store/burst/sessions_read/service.p99", "burst", "sessions_read.p99 <= 2s",
         TG_METRIC_PERCENTILE, TG_LESS_EQUAL, 2e9, 3500000, 2e9 / 3500000, TG_TARGET_MET},
        {"memory_store/burst/task_take/errors", "burst", "task_take.errors == 0", TG_METRIC_ERRORS,
         TG_EQUAL, 0, NAN, NAN, TG_TARGET_NO_DATA},
    };
    targets[3].value = targets[3].ratio = NAN;
    measure(&targets[0], result->phases[0].ops[0].response);
    measure(&targets[2], result->phases[1].ops[0].service);
    result->targets = tg_arena_array(&result->arena, COUNT(targets), sizeof *targets);
    memcpy(result->targets, targets, sizeof targets);
    result->target_count = COUNT(targets);
}

static void fill_surroundings(struct tg_result *result)
{
    static struct tg_named_value facts[] = {
        {"version", "3.40.1"}, {"library", "/usr/lib/libsqlite3.so.0"}, {"threadsafe", "1"}};
    static struct tg_setting_state settings[] = {{"journal_mode", "WAL", "wal"},
                                                 {"page_size", NULL, "4096"}};
    static struct tg_load_result loads[] = {{"sessions", 100000}, {"memory_entries", 1000000}};
    static const char *overrides[] = {"phase.steady.rate=1000"};
    result->overrides = overrides;
    result->override_count = COUNT(overrides);
    result->facts = facts;
    result->fact_count = COUNT(facts);
    result->settings = settings;
    result->setting_count = COUNT(settings);
    result->loads = loads;
    result->load_count = COUNT(loads);
    result->dataset_cached = true;
    result->dataset_build_ns = 310 * TG_NS_PER_MS;
    result->dataset_bytes = 210 << 20;
    result->clock = "tsc";
    result->clock_overhead_ps = 17200;
    result->git_commit = "0123456789abcdef0123456789abcdef01234567";
    result->git_dirty = true;
    result->host_json =
        "{\"fingerprint\":\"-\",\"cpu_model\":\"AMD EPYC\",\"cpus\":2,\"memory_bytes\":25276448768,"
        "\"architecture\":\"x86_64\",\"kernel\":\"6.1.0-28-amd64\",\"distribution\":\"Debian "
        "GNU/Linux 12 (bookworm)\",\"clock_source\":\"tsc\",\"governor\":\"none\","
        "\"virtualisation\":\"kvm\",\"libraries\":{\"libc\":\"glibc 2.36\"}}";
}

struct tg_result *tg_sample_result(void)
{
    static const char *reasons[] = {
        "plan of active_sessions: must not scan a table, the plan scans sessions",
        "steady: target missed: rate >= 1_300/s",
        "burst: no data for the target: task_take.errors == 0",
    };
    struct tg_result *result = tg_result_new();
    result->scenario = "memory_store";
    result->scenario_path = "scenarios/memory_store/milestone.toml";
    result->scenario_hash = "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";
    result->dataset_hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    result->stream_fingerprint = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    result->seed = 0xDEADBEEFDEADBEEF;
    result->started_unix_ms = 1763683200123; /* 2025-11-21T00:00:00.123Z */
    result->total_ns = 63 * TG_NS_PER_S;
    result->engine_kind = "sqlite";
    fill_surroundings(result);
    result->phase_count = 2;
    result->phases = tg_arena_array(&result->arena, 2, sizeof *result->phases);
    fill_steady(result, &result->phases[0]);
    fill_burst(result, &result->phases[1]);
    result->has_coverage = true;
    fill_coverage(&result->coverage);
    result->verified = true;
    fill_targets(result);
    result->verdict = TG_VERDICT_FAIL;
    result->reasons = reasons;
    result->reason_count = COUNT(reasons);
    return result;
}
