/* Writes histograms and an interval log as Tailgate encodes them into a folder, and manifest.txt
 * with what a reader has to see: the figures of the recorded values, before any encoding. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/file.h"
#include "runner/histogram/codec.h"
#include "runner/histogram/log.h"

static const double percentiles[] = {25, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100};

struct output {
    const char *folder;
    struct tg_text manifest;
    struct tg_diags diags;
};

static void write_file(struct output *output, const char *name, const struct tg_text *text)
{
    char *path = tg_path_join(output->folder, name);
    if (tg_file_write(path, text->data, text->length, true, &output->diags) != TG_OK) {
        fprintf(stderr, "%s: %s\n", path, output->diags.items[0].message);
        exit(1);
    }
    free(path);
}

/* A reader sees buckets, not values: their bounds stand for the exact minimum and maximum. */
static void add_figures(struct tg_text *manifest, const struct tg_hdr *hdr)
{
    int64_t min = hdr->total > 0 ? tg_hdr_lowest_equivalent(hdr, hdr->min) : 0;
    int64_t max = hdr->total > 0 ? tg_hdr_highest_equivalent(hdr, hdr->max) : 0;
    tg_text_addf(manifest, " total=%" PRId64 " min=%" PRId64 " max=%" PRId64 " mean=%.17g",
                 hdr->total, min, max, tg_hdr_mean(hdr));
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        int64_t value = tg_hdr_percentile(hdr, percentiles[i]);
        tg_text_addf(manifest, " p%g=%" PRId64, percentiles[i],
                     hdr->total > 0 ? tg_hdr_highest_equivalent(hdr, value) : 0);
    }
    tg_text_add(manifest, "\n");
}

static void write_histogram(struct output *output, const char *name, const struct tg_hdr *hdr)
{
    struct tg_text encoded = {0};
    if (tg_ends_with(name, ".plain"))
        tg_hdr_encode_plain(hdr, &encoded);
    else
        tg_hdr_encode(hdr, &encoded);
    write_file(output, name, &encoded);
    tg_text_free(&encoded);
    tg_text_addf(&output->manifest, "file=%s", name);
    add_figures(&output->manifest, hdr);
}

static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

/* Adds `count` values whose logarithms are spread evenly from 1 us to 1 s. */
static void record_some(struct tg_hdr *hdr, int count, uint64_t *state)
{
    for (int i = 0; i < count; i++)
        tg_hdr_record(hdr, (int64_t)(1000 * exp(13.8 * uniform(state))));
}

static void write_histograms(struct output *output)
{
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    write_histogram(output, "empty.hdr", hdr);

    tg_hdr_record(hdr, 123456789);
    write_histogram(output, "single.hdr", hdr);

    tg_hdr_reset(hdr);
    record_some(hdr, 1000000, &(uint64_t){1});
    write_histogram(output, "million.hdr", hdr);
    write_histogram(output, "million.plain", hdr);

    tg_hdr_reset(hdr);
    const int64_t near[] = {tg_hdr_latency_ns.highest, tg_hdr_latency_ns.highest - 1,
                            tg_hdr_latency_ns.highest + 1, (INT64_C(1) << 42) - 1, 1};
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
        tg_hdr_record_many(hdr, near[i], (INT64_C(1) << 40) + near[i] % 7);
    write_histogram(output, "near_limit.hdr", hdr);
    free(hdr);

    struct tg_hdr *widest = tg_hdr_new(&(struct tg_hdr_config){1, INT64_MAX, 3});
    for (int bit = 0; bit < 63; bit++)
        tg_hdr_record_many(widest, INT64_MAX >> bit, bit + 1);
    write_histogram(output, "widest.hdr", widest);
    free(widest);

    for (int digits = 3; digits <= 5; digits++) {
        struct tg_hdr *units = tg_hdr_new(&(struct tg_hdr_config){1000, INT64_C(1) << 40, digits});
        record_some(units, 500, &(uint64_t){2});
        char name[] = "digits0.hdr";
        name[6] = (char)('0' + digits);
        write_histogram(output, name, units);
        free(units);
    }
}

static void write_log(struct output *output)
{
    static const char *const tags[] = {NULL, "session_get", "put"};
    struct tg_text log = {0};
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    uint64_t state = 3;
    tg_hdr_log_header(&log, "[written by Tailgate's tests]", INT64_C(1760000000250));
    for (int i = 0; i < 9; i++) {
        const char *tag = tags[i % 3];
        int interval = i / 3;
        double start_s = 0.125 * interval;
        tg_hdr_reset(hdr);
        record_some(hdr, 300 * i, &state);
        tg_hdr_log_interval(&log, tag, start_s, 0.125, hdr);
        tg_text_addf(&output->manifest, "log=tagged.hlog tag=%s start_ms=%.0f end_ms=%.0f",
                     tag != NULL ? tag : "", 1760000000250 + start_s * 1000,
                     1760000000250 + start_s * 1000 + 125);
        add_figures(&output->manifest, hdr);
    }
    write_file(output, "tagged.hlog", &log);
    free(hdr);
    tg_text_free(&log);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: write_histograms FOLDER\n");
        return 2;
    }
    struct output output = {.folder = argv[1]};
    write_histograms(&output);
    write_log(&output);
    write_file(&output, "manifest.txt", &output.manifest);
    tg_text_free(&output.manifest);
    tg_diags_free(&output.diags);
    return 0;
}
