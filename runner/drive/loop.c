#include "runner/drive/loop.h"

#include <stdio.h>
#include <time.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/result.h"

enum {
    CHOICES = 64,                /* operations drawn from the stream at a time */
    LONGEST_SLEEP_NS = 50000000, /* so that stop and the hand-over of sets are noticed */
    MOST_SPIN_NS = 100000,
};

size_t tg_loop_most_args(const struct tg_scenario *scenario)
{
    size_t most = 1;
    for (size_t i = 0; i < scenario->op_count; i++) {
        size_t args = scenario->ops[i].param_count * scenario->ops[i].engine.batch;
        if (args > most)
            most = args;
    }
    return most;
}

static struct tg_op_record *record_of(const struct tg_loop *loop, const struct tg_record_set *set,
                                      uint32_t op)
{
    return &set->ops[loop->record_of_op[op]];
}

static bool rows_expected(const struct tg_op *op, int64_t rows)
{
    return op->expect_rows_min < 0 || (rows >= op->expect_rows_min && rows <= op->expect_rows_max);
}

static void record_unexpected_rows(struct tg_op_record *record, const struct tg_op *op,
                                   int64_t rows)
{
    char text[TG_ERROR_TEXT];
    long long min = op->expect_rows_min;
    if (op->expect_rows_max == INT64_MAX)
        snprintf(text, sizeof text, "expected at least %lld rows, got %lld", min, (long long)rows);
    else if (op->expect_rows_min == op->expect_rows_max)
        snprintf(text, sizeof text, "expected %lld row%s, got %lld", min,
                 tg_plural((size_t)min, "s"), (long long)rows);
    else
        snprintf(text, sizeof text, "expected %lld to %lld rows, got %lld", min,
                 (long long)op->expect_rows_max, (long long)rows);
    tg_op_record_error(record, TG_EXPECT_ROWS_CODE, text);
}

/* Success or not, with the scenario's own expectation on top of the store's word. */
static inline bool check_outcome(const struct tg_loop *loop, uint32_t op,
                                 const struct tg_outcome *outcome, struct tg_op_record *record)
{
    record->retries += outcome->retries;
    if (__builtin_expect(outcome->error != 0, 0)) {
        tg_op_record_error(record, outcome->error, loop->engine->error_text(loop->session));
        return false;
    }
    if (__builtin_expect(
            loop->check_rows && !rows_expected(&loop->scenario->ops[op], outcome->rows), 0)) {
        record_unexpected_rows(record, &loop->scenario->ops[op], outcome->rows);
        return false;
    }
    record->succeeded++;
    record->rows += outcome->rows;
    return true;
}

/* A worker's share of the stream, drawn a block at a time. Long phases are dealt out in blocks of
 * neighbours, which are the cheapest to draw; phases limited by a count index by index, so that a
 * few operations still reach every worker. Either way each index belongs to one worker. */
struct share {
    uint64_t base;   /* index of ops[0] */
    uint64_t stride; /* between neighbours of the block */
    size_t at;       /* place in the block of the operation that is next */
    uint32_t ops[CHOICES];
};

static struct share first_share(const struct tg_loop *loop)
{
    bool single = loop->count != 0;
    uint64_t width = single ? 1 : CHOICES;
    uint64_t first = loop->first_index + loop->worker * width;
    return (struct share){
        .base = first - (uint64_t)CHOICES * loop->workers, /* the block before the first */
        .stride = single ? loop->workers : 1,
        .at = CHOICES,
    };
}

static uint32_t next_operation(const struct tg_loop *loop, struct share *share, uint64_t *index)
{
    if (share->at == CHOICES) {
        share->base += (uint64_t)CHOICES * loop->workers;
        tg_stream_ops(loop->workload, loop->phase, share->base, share->stride, CHOICES, share->ops);
        share->at = 0;
    }
    *index = share->base + share->at * share->stride;
    return share->ops[share->at++];
}

static void make_args(const struct tg_loop *loop, uint32_t op, uint64_t index)
{
    if (loop->scenario->ops[op].param_count == 0)
        return;
    tg_arena_reset(loop->scratch);
    tg_stream_args(loop->workload, loop->phase, op, index, loop->scratch, loop->args);
}

static bool stopped(const struct tg_loop *loop)
{
    return atomic_load_explicit(&loop->slots->stop, memory_order_relaxed);
}

/* The end of an operation, right after it: now, unless the scenario slows it on purpose. */
static inline int64_t end_of(const struct tg_loop *loop, uint32_t op, uint64_t index,
                             int64_t start_ns)
{
    int64_t end_ns = tg_now_ns();
    if (__builtin_expect(loop->injector != NULL, 0))
        end_ns = tg_inject(loop->injector, loop->phase, op, index, start_ns, end_ns);
    return end_ns;
}

void tg_loop_closed(struct tg_loop *loop)
{
    struct tg_worker_slot *slot = loop->slot;
    struct share share = first_share(loop);
    /* A count is dealt out like cards: the first workers get one more where it does not divide. */
    uint64_t quota = loop->count == 0 ? UINT64_MAX
                                      : loop->count / loop->workers +
                                            (loop->worker < loop->count % loop->workers);
    uint64_t recorded = 0;
    while (recorded < quota && !stopped(loop)) {
        uint64_t index;
        uint32_t op = next_operation(loop, &share, &index);
        make_args(loop, op, index);
        const struct tg_record_set *set = tg_slot_active(slot);
        struct tg_outcome outcome = {0};
        int64_t start = tg_now_ns();
        if (start >= loop->end_ns)
            break;
        loop->engine->execute(loop->session, op, loop->args, &outcome);
        int64_t end = end_of(loop, op, index, start);
        if (start < loop->record_ns)
            continue;
        recorded++;
        if (slot->first_start_ns == 0)
            slot->first_start_ns = start;
        slot->last_end_ns = end;
        struct tg_op_record *record = record_of(loop, set, op);
        if (check_outcome(loop, op, &outcome, record))
            tg_hdr_record(record->service, end - start);
    }
    slot->issued = (int64_t)recorded;
}

/* Sleeps until shortly before `due`, then spins. *margin_ns adapts to how late this machine wakes
 * sleepers. Returns the time at the end of the wait; the stop flag may end it early. */
static int64_t wait_until(const struct tg_loop *loop, int64_t due, int64_t now, int64_t *margin_ns)
{
    while (due - now > *margin_ns && !stopped(loop)) {
        int64_t sleep_ns = due - now - *margin_ns;
        if (sleep_ns > LONGEST_SLEEP_NS)
            sleep_ns = LONGEST_SLEEP_NS;
        struct timespec pause = {.tv_sec = 0, .tv_nsec = sleep_ns};
        int64_t wake = now + sleep_ns;
        nanosleep(&pause, NULL);
        now = tg_now_ns();
        int64_t oversleep = now - wake;
        *margin_ns += (2 * oversleep - *margin_ns) / 8;
        if (*margin_ns > MOST_SPIN_NS)
            *margin_ns = MOST_SPIN_NS;
        if (*margin_ns < 1000)
            *margin_ns = 1000;
        (void)tg_slot_active(loop->slot); /* an idle worker hands over its set as well */
    }
    while (now < due && !stopped(loop)) {
#if TG_CLOCK_HAS_TSC
        _mm_pause();
#endif
        now = tg_now_ns();
    }
    return now;
}

struct issue { /* times of one open-loop operation */
    int64_t due, start, end;
    bool found_late; /* it was already due when a worker became free */
};

static void record_open(struct tg_loop *loop, const struct tg_record_set *set, uint32_t op,
                        const struct issue *issue, const struct tg_outcome *outcome)
{
    struct tg_worker_slot *slot = loop->slot;
    if (slot->first_start_ns == 0)
        slot->first_start_ns = issue->start;
    slot->last_end_ns = issue->end;
    slot->issued++;
    if (!issue->found_late) {
        slot->on_time_ns = issue->start;
        slot->on_time_store_ns = slot->store_ns;
    }
    slot->store_ns += issue->end - issue->start;
    struct tg_op_record *record = record_of(loop, set, op);
    tg_hdr_record(record->lag, issue->start - issue->due);
    tg_hdr_record(issue->found_late ? set->busy_lag : set->late_lag, issue->start - issue->due);
    if (check_outcome(loop, op, outcome, record)) {
        tg_hdr_record(record->service, issue->end - issue->start);
        tg_hdr_record(record->response, issue->end - issue->due);
    }
}

/* An operation that the grace left no time for. It is a response time, which it would have had at
 * least, and nothing else: it is neither a success nor a failure. */
static void record_undone(struct tg_loop *loop, const struct tg_record_set *set, uint32_t op,
                          const struct issue *issue)
{
    struct tg_worker_slot *slot = loop->slot;
    int64_t waited_ns = issue->start - issue->due;
    if (slot->first_start_ns == 0)
        slot->first_start_ns = issue->due; /* not one start, and yet the time has passed */
    slot->last_end_ns = issue->start;
    slot->undone++;
    if (slot->least_undone_ns == 0 || waited_ns < slot->least_undone_ns)
        slot->least_undone_ns = waited_ns;
    tg_hdr_record(record_of(loop, set, op)->response, waited_ns);
}

/* The operation at one index, out of a block of neighbours: workers claim indices in no fixed
 * stride. */
static uint32_t operation_at(const struct tg_loop *loop, struct share *share, uint64_t index)
{
    uint64_t block = index / CHOICES * CHOICES;
    if (share->base != block) {
        tg_stream_ops(loop->workload, loop->phase, block, 1, CHOICES, share->ops);
        share->base = block;
    }
    return share->ops[index - block];
}

void tg_loop_open(struct tg_loop *loop)
{
    struct tg_arrivals arrivals;
    tg_arrivals_init(&arrivals, loop->spec, loop->scenario->seed);
    uint64_t limit = UINT64_MAX;
    if (loop->count != 0)
        limit = tg_arrivals_before(&arrivals, loop->record_ns - loop->start_ns) + loop->count;
    struct share share = {.base = UINT64_MAX}; /* no block yet */
    int64_t margin_ns = MOST_SPIN_NS / 2;
    int64_t free_ns = INT64_MIN; /* since when this worker has not been in the store */
    while (!stopped(loop)) {
        uint64_t ordinal =
            atomic_fetch_add_explicit(&loop->slots->next_index, 1, memory_order_relaxed);
        struct issue issue = {.due = loop->start_ns + tg_arrivals_due_ns(&arrivals, ordinal)};
        if (ordinal >= limit || issue.due >= loop->end_ns)
            break;
        uint64_t index = loop->first_index + ordinal;
        uint32_t op = operation_at(loop, &share, index);
        make_args(loop, op, index);
        issue.found_late = free_ns >= issue.due;
        if (!issue.found_late)
            (void)wait_until(loop, issue.due, tg_now_ns(), &margin_ns);
        const struct tg_record_set *set = tg_slot_active(loop->slot);
        struct tg_outcome outcome = {0};
        issue.start = tg_now_ns();
        bool over = issue.start - loop->grace_ns >= loop->end_ns;
        if ((over && !loop->records_undone) || issue.start < issue.due)
            break; /* the time is over, or a stop ended the wait */
        if (over) {
            if (issue.due >= loop->record_ns)
                record_undone(loop, set, op, &issue);
            continue;
        }
        loop->engine->execute(loop->session, op, loop->args, &outcome);
        issue.end = free_ns = end_of(loop, op, index, issue.start);
        if (issue.due >= loop->record_ns)
            record_open(loop, set, op, &issue, &outcome);
    }
}
