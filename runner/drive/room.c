#include "runner/drive/room.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "common/units.h"

enum { SAMPLE_ROWS = 64 };

/* A whole number in as few bytes as any store would need. */
static int64_t integer_bytes(int64_t value)
{
    int64_t bytes = 0;
    for (uint64_t rest = value < 0 ? ~(uint64_t)value : (uint64_t)value; rest > 0; rest >>= 8)
        bytes++;
    return bytes;
}

static int64_t value_bytes(const struct tg_value *value)
{
    switch (value->type) {
    case TG_VALUE_INT:
        return integer_bytes(value->integer);
    case TG_VALUE_FLOAT:
        return sizeof value->real;
    case TG_VALUE_TEXT:
    case TG_VALUE_BLOB:
        return value->length;
    case TG_VALUE_NULL:
        break;
    }
    return 0;
}

/* From rows that are spread over the whole load. */
static double load_bytes(const struct tg_workload *workload, const struct tg_load_spec *load,
                         size_t number, struct tg_arena *scratch)
{
    uint64_t samples = load->rows < SAMPLE_ROWS ? load->rows : SAMPLE_ROWS;
    int64_t sum = 0;
    for (uint64_t i = 0; i < samples; i++) {
        tg_arena_reset(scratch);
        struct tg_value *row = tg_arena_array(scratch, load->column_count, sizeof *row);
        tg_load_row(workload, number, load->rows / samples * i, scratch, row);
        for (size_t c = 0; c < load->column_count; c++)
            sum += value_bytes(&row[c]);
    }
    return samples > 0 ? (double)sum / (double)samples * (double)load->rows : 0;
}

int64_t tg_room_least_bytes(const struct tg_scenario *scenario)
{
    struct tg_arena arena = {0};
    struct tg_arena scratch = {0};
    struct tg_workload *workload = tg_workload_compile(&arena, &scenario->workload);
    double sum = 0;
    for (size_t i = 0; i < scenario->load_count; i++)
        sum += load_bytes(workload, &scenario->loads[i], i, &scratch);
    tg_arena_free(&scratch);
    tg_arena_free(&arena);
    return sum < 9e18 ? (int64_t)sum : INT64_MAX;
}

int64_t tg_room_free_disk_bytes(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) == 0 ? (int64_t)(disk.f_bavail * disk.f_frsize) : -1;
}

int64_t tg_room_free_memory_bytes(void)
{
    FILE *file = fopen("/proc/meminfo", "re");
    char line[128];
    long long kib = -1;
    while (file && kib < 0 && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %lld kB", &kib) != 1)
            kib = -1;
    if (file)
        fclose(file);
    return kib < 0 ? -1 : (int64_t)kib * 1024;
}

enum tg_status tg_room_check(const struct tg_scenario *scenario, const char *home,
                             struct tg_diags *diags)
{
    const char *database = scenario->store.database;
    bool in_memory = database && strcmp(database, ":memory:") == 0;
    if (scenario->load_count == 0 || (!in_memory && !scenario->engine->files))
        return TG_OK;
    int64_t room = in_memory ? tg_room_free_memory_bytes() : tg_room_free_disk_bytes(home);
    int64_t least = tg_room_least_bytes(scenario);
    char least_text[TG_UNIT_TEXT];
    char room_text[TG_UNIT_TEXT];
    if (room < 0 || least <= room)
        return TG_OK;
    struct tg_diag *diag =
        tg_diag_error(diags, (struct tg_place){.path = in_memory ? scenario->path : home},
                      "the values of the data set alone take %s, and there are %s of %s",
                      tg_format_bytes(least, least_text), tg_format_bytes(room, room_text),
                      in_memory ? "memory" : "disk space");
    tg_diag_hint(diag, in_memory
                           ? "load fewer rows, or keep the database in a file"
                           : "make room, load fewer rows, or set TAILGATE_HOME to a folder on "
                             "a larger file system");
    return TG_SYSTEM;
}
