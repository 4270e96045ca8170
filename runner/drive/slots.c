#include "runner/drive/slots.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct bump { /* hands out pieces of the area; with base NULL it only adds up sizes */
    unsigned char *base;
    size_t used;
};

static void *bump_take(struct bump *bump, size_t size)
{
    const size_t line = 64;
    void *piece = bump->base ? bump->base + bump->used : NULL;
    bump->used += (size + line - 1) / line * line;
    return piece;
}

static struct tg_hdr *bump_hdr(struct bump *bump)
{
    void *memory = bump_take(bump, tg_hdr_size(&tg_hdr_latency_ns));
    return memory ? tg_hdr_init(memory, &tg_hdr_latency_ns) : NULL;
}

static void lay_out_set(struct bump *bump, struct tg_record_set *set, uint32_t ops, bool open_loop)
{
    struct tg_record_set sizes = {0};
    struct tg_record_set *to = set ? set : &sizes;
    to->ops = bump_take(bump, ops * sizeof *to->ops);
    for (uint32_t i = 0; i < ops; i++) {
        struct tg_hdr *service = bump_hdr(bump);
        struct tg_hdr *response = open_loop ? bump_hdr(bump) : NULL;
        struct tg_hdr *lag = open_loop ? bump_hdr(bump) : NULL;
        if (set) {
            to->ops[i].service = service;
            to->ops[i].response = response;
            to->ops[i].lag = lag;
        }
    }
    to->busy_lag = open_loop ? bump_hdr(bump) : NULL;
    to->late_lag = open_loop ? bump_hdr(bump) : NULL;
}

static struct tg_slots *lay_out(struct bump *bump, uint32_t workers, uint32_t ops, bool open_loop)
{
    struct tg_slots *slots = bump_take(bump, sizeof *slots);
    struct tg_worker_slot *slot = bump_take(bump, workers * sizeof *slot);
    if (slots)
        slots->workers = slot;
    for (uint32_t w = 0; w < workers; w++)
        for (int s = 0; s < 2; s++)
            lay_out_set(bump, slot ? &slot[w].sets[s] : NULL, ops, open_loop);
    return slots;
}

struct tg_slots *tg_slots_new(uint32_t max_workers, uint32_t max_ops, bool open_loop,
                              struct tg_diags *diags)
{
    struct bump sizes = {0};
    lay_out(&sizes, max_workers, max_ops, open_loop);
    void *area = mmap(NULL, sizes.used, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (area == MAP_FAILED) {
        (void)tg_diag_errno(diags, NULL, errno, "cannot map %zu MiB for %u workers x %u operations",
                            sizes.used >> 20, max_workers, max_ops);
        return NULL;
    }
    struct bump bump = {.base = area};
    struct tg_slots *slots = lay_out(&bump, max_workers, max_ops, open_loop);
    slots->area_bytes = sizes.used;
    slots->max_workers = max_workers;
    slots->max_ops = max_ops;
    return slots;
}

void tg_slots_free(struct tg_slots *slots)
{
    if (slots)
        munmap(slots, slots->area_bytes);
}

static void reset_set(struct tg_record_set *set, uint32_t ops)
{
    for (uint32_t i = 0; i < ops; i++) {
        struct tg_op_record *record = &set->ops[i];
        struct tg_hdr *hdrs[] = {record->service, record->response, record->lag};
        for (size_t h = 0; h < sizeof hdrs / sizeof *hdrs; h++)
            if (hdrs[h])
                tg_hdr_reset(hdrs[h]);
        *record = (struct tg_op_record){.service = hdrs[0], .response = hdrs[1], .lag = hdrs[2]};
    }
    if (set->busy_lag) {
        tg_hdr_reset(set->busy_lag);
        tg_hdr_reset(set->late_lag);
    }
}

void tg_slots_reset(struct tg_slots *slots)
{
    atomic_store(&slots->next_index, 0);
    atomic_store(&slots->stop, false);
    atomic_store(&slots->record_start_ns, 0);
    for (uint32_t w = 0; w < slots->max_workers; w++) {
        struct tg_worker_slot *slot = &slots->workers[w];
        atomic_store(&slot->want, 0);
        atomic_store(&slot->seen, 0);
        slot->taken = 0;
        slot->first_start_ns = slot->last_end_ns = slot->issued = slot->store_ns = 0;
        slot->on_time_ns = slot->on_time_store_ns = 0;
        slot->undone = slot->least_undone_ns = 0;
        reset_set(&slot->sets[0], slots->max_ops);
        reset_set(&slot->sets[1], slots->max_ops);
    }
}

void tg_op_record_error(struct tg_op_record *record, int code, const char *text)
{
    size_t at = 0;
    while (at + 1 < TG_ERROR_KINDS && record->errors[at].count > 0 &&
           record->errors[at].code != code)
        at++;
    struct tg_error_slot *slot = &record->errors[at];
    if (slot->count++ == 0) {
        slot->code = code;
        snprintf(slot->text, sizeof slot->text, "%s", text ? text : "");
    }
    record->failed++;
}

void tg_slot_request(struct tg_worker_slot *slot)
{
    unsigned want = atomic_load_explicit(&slot->want, memory_order_relaxed);
    if (slot->taken == want)
        atomic_store_explicit(&slot->want, want + 1, memory_order_release);
}

void tg_slot_collect(struct tg_worker_slot *slot,
                     void (*take)(void *context, struct tg_record_set *set), void *context)
{
    unsigned want = atomic_load_explicit(&slot->want, memory_order_relaxed);
    if (slot->taken == want || atomic_load_explicit(&slot->seen, memory_order_acquire) != want)
        return;
    take(context, &slot->sets[(want - 1) & 1]);
    slot->taken = want;
}

void tg_slot_harvest_rest(struct tg_worker_slot *slot,
                          void (*take)(void *context, struct tg_record_set *set), void *context)
{
    take(context, &slot->sets[0]);
    take(context, &slot->sets[1]);
}
