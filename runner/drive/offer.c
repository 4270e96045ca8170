#include "runner/drive/offer.h"

#include "common/units.h"
#include "runner/drive/arrivals.h"

/* How many operations fall due in the first `length_ns` of the recorded part. */
static int64_t due_within(const struct tg_offer *offer, int64_t length_ns)
{
    struct tg_arrivals arrivals;
    tg_arrivals_init(&arrivals, offer->phase, offer->seed);
    uint64_t before = tg_arrivals_before(&arrivals, offer->phase->warmup_ns);
    return (int64_t)(tg_arrivals_before(&arrivals, offer->phase->warmup_ns + length_ns) - before);
}

void tg_offer_count(const struct tg_offer *offer, int64_t end_ns, struct tg_phase_result *result)
{
    const struct tg_phase *phase = offer->phase;
    for (uint32_t w = 0; w < phase->workers; w++)
        result->issued += offer->slots->workers[w].issued;
    if (!result->open_loop || offer->record_ns == 0)
        return;
    int64_t length_ns = end_ns - offer->record_ns;
    if (phase->duration_ns > 0 && length_ns > phase->duration_ns)
        length_ns = phase->duration_ns;
    result->offered = due_within(offer, length_ns);
    if (phase->count > 0 && result->offered > (int64_t)phase->count)
        result->offered = (int64_t)phase->count;
}

/* Were most operations late, and the last ones the most? Then the rate is out of reach. After a
 * stall of the platform the workers catch up, and the last are less late. */
static bool fell_behind_to_the_end(const struct tg_offer *offer,
                                   const struct tg_phase_result *result)
{
    struct tg_arrivals arrivals;
    tg_arrivals_init(&arrivals, offer->phase, offer->seed);
    uint64_t before = tg_arrivals_before(&arrivals, offer->phase->warmup_ns);
    int64_t due_ns = tg_arrivals_due_ns(&arrivals, before + offer->phase->count - 1);
    int64_t late_ns = offer->last_end_ns - offer->record_ns + offer->phase->warmup_ns - due_ns;
    return 2 * result->busy_lag->total > result->issued &&
           (double)late_ns > 0.9 * (double)result->busy_lag->max;
}

/* How many operations the workers were behind the rate at the end. A count is always reached, at
 * any rate: there it is what fell due beyond it. */
static int64_t operations_behind(const struct tg_offer *offer, const struct tg_phase_result *result)
{
    if (offer->phase->count == 0)
        return result->offered - result->issued;
    if (result->issued == 0 || !fell_behind_to_the_end(offer, result))
        return 0;
    return due_within(offer, offer->last_end_ns - offer->record_ns) - result->issued;
}

/* The part of the time in which the workers were behind that they spent inside the store. The time
 * before does not count: a store that was fast for a minute may stall at its end. */
static double store_share_behind(const struct tg_offer *offer, const struct tg_phase_result *result)
{
    int64_t first_start_ns = offer->last_end_ns - result->elapsed_ns;
    int64_t store_ns = 0;
    int64_t behind_ns = 1;
    for (uint32_t w = 0; w < offer->phase->workers; w++) {
        const struct tg_worker_slot *slot = &offer->slots->workers[w];
        store_ns += slot->store_ns - slot->on_time_store_ns;
        behind_ns += offer->last_end_ns - (slot->on_time_ns ? slot->on_time_ns : first_start_ns);
    }
    return (double)store_ns / (double)behind_ns;
}

const char *tg_offer_doubt(const struct tg_offer *offer, const struct tg_phase_result *result,
                           struct tg_arena *arena)
{
    if (!result->open_loop || offer->record_ns == 0)
        return NULL;
    int64_t behind = operations_behind(offer, result);
    if (behind <= (int64_t)result->workers || (double)behind <= 0.01 * (double)result->offered)
        return NULL;
    double store_share = store_share_behind(offer, result);
    if (store_share >= 0.5)
        return NULL;
    char offered[TG_UNIT_TEXT], wanted[TG_UNIT_TEXT];
    double elapsed_s = (double)(result->elapsed_ns + 1) / 1e9;
    return tg_arena_format(arena,
                           "the harness offered only %s of %s, and its workers "
                           "spent only %.0f%% of their time in the store: lower "
                           "the rate, or add workers",
                           tg_format_rate((double)result->issued / elapsed_s, offered),
                           tg_format_rate(result->rate_per_s, wanted), 100 * store_share);
}
