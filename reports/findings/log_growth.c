/* A write-ahead log that outgrew what its checkpoints should keep it to. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/units.h"
#include "reports/findings/list.h"

/* The file format of SQLite, https://www.sqlite.org/fileformat2.html#walformat */
enum { LOG_HEADER_BYTES = 32, FRAME_HEADER_BYTES = 24, DEFAULT_CHECKPOINT_PAGES = 1000 };

static bool read_setting(const struct tg_result *result, const char *name, int64_t *number)
{
    for (size_t i = 0; i < result->setting_count; i++) {
        const struct tg_setting_state *setting = &result->settings[i];
        double value;
        if (strcasecmp(setting->name, name) != 0 || !setting->actual ||
            !tg_parse_number(setting->actual, &value) || value < 0 || value > 1e9)
            continue;
        *number = (int64_t)value;
        return true;
    }
    return false;
}

/* The phase in which the log first was as large as it ever became; NULL: there is none. */
static const struct tg_phase_result *largest(const struct tg_result *result)
{
    const struct tg_phase_result *phase = NULL;
    for (size_t i = 0; i < result->phase_count; i++) {
        if (result->phases[i].log_peak_bytes > (phase ? phase->log_peak_bytes : 0))
            phase = &result->phases[i];
    }
    return phase;
}

void tg_find_in_log(struct tg_finding_list *list, const struct tg_result *result)
{
    const struct tg_phase_result *phase = largest(result);
    int64_t pages = 0, page_bytes = 0;
    if (!phase || !read_setting(result, "wal_autocheckpoint", &pages) ||
        !read_setting(result, "page_size", &page_bytes) || page_bytes <= 0)
        return;
    bool off = pages == 0;
    int64_t kept_pages = off ? DEFAULT_CHECKPOINT_PAGES : pages;
    int64_t kept_bytes = LOG_HEADER_BYTES + kept_pages * (page_bytes + FRAME_HEADER_BYTES);
    double growth = (double)phase->log_peak_bytes / (double)kept_bytes;
    if (growth <= list->limits->wal_growth)
        return;
    char peak[TG_UNIT_TEXT], kept[TG_UNIT_TEXT], count[TG_UNIT_TEXT], times[TG_UNIT_TEXT];
    struct tg_finding *finding = tg_finding_add(list, TG_FINDING_MEDIUM, "wal-growth");
    finding->where = tg_finding_phase(list, phase);
    finding->title = off ? "the write-ahead log grows, and nothing checkpoints it"
                         : "the write-ahead log outgrew its checkpoints";
    finding->evidence = tg_arena_format(
        list->arena, "the log reached %s, %s times the %s that a checkpoint every %s pages keeps%s",
        tg_format_bytes(phase->log_peak_bytes, peak), tg_format_ratio(growth, times),
        tg_format_bytes(kept_bytes, kept), tg_format_count(kept_pages, count),
        off ? "; wal_autocheckpoint is 0" : "");
    finding->remedy =
        off ? "set wal_autocheckpoint, or run wal_checkpoint(TRUNCATE) at quiet moments"
            : "a checkpoint cannot pass the oldest open reader, nor empty a log that somebody "
              "always reads: end read transactions soon, keep write transactions small, run "
              "wal_checkpoint(TRUNCATE) at quiet moments";
}
