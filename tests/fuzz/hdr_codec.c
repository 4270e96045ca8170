/* The first byte chooses binary or base64, the rest is an encoding. What decodes has to encode to
 * something that decodes to the same. */
#include <stdlib.h>
#include <string.h>

#include "runner/histogram/codec.h"
#include "tests/fuzz/fuzz.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

static void round_trip(const struct tg_hdr *hdr)
{
    struct tg_text encoded = {0};
    struct tg_diags diags = {0};
    struct tg_hdr *back;
    tg_hdr_encode_plain(hdr, &encoded);
    check(tg_hdr_decode(encoded.data, encoded.length, (struct tg_place){0}, &back, &diags) ==
          TG_OK);
    check(back->total == hdr->total && back->min == hdr->min && back->max == hdr->max);
    int32_t length = tg_hdr_index(hdr, hdr->max) + 1;
    check(memcmp(back->counts, hdr->counts, (size_t)length * sizeof(hdr->counts[0])) == 0);
    free(back);
    tg_text_free(&encoded);
}

/* Percentiles rise from the minimum to the maximum. */
static void read_figures(const struct tg_hdr *hdr)
{
    static const double percentiles[] = {0, 1, 50, 90, 99.9, 100};
    int64_t before = 0;
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        int64_t value = tg_hdr_percentile(hdr, percentiles[i]);
        check(value >= before && value <= hdr->max);
        before = value;
    }
    check(before == hdr->max);
    check(hdr->total == 0 || (tg_hdr_mean(hdr) >= 0 && tg_hdr_stddev(hdr) >= 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct tg_place at = {"input", 1, 1};
    struct tg_diags diags = {0};
    struct tg_hdr *hdr;
    enum tg_status status =
        data[0] % 2 == 0 ? tg_hdr_decode(data + 1, size - 1, at, &hdr, &diags)
                         : tg_hdr_decode_base64((const char *)data + 1, size - 1, at, &hdr, &diags);
    check((status == TG_OK) == (hdr != NULL) && (status == TG_OK) == (diags.count == 0));
    if (status == TG_OK) {
        round_trip(hdr);
        read_figures(hdr);
    }
    free(hdr);
    tg_diags_free(&diags);
    return 0;
}
