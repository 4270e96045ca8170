#include "runner/drive/collect.h"

#include <assert.h>
#include <string.h>

static void take_errors(struct tg_collector *self, struct tg_op_result *op,
                        const struct tg_op_record *record)
{
    for (size_t i = 0; i < TG_ERROR_KINDS && record->errors[i].count > 0; i++) {
        const struct tg_error_slot *slot = &record->errors[i];
        size_t at = 0;
        while (at < op->error_count && op->errors[at].code != slot->code)
            at++;
        if (at == TG_ERROR_KINDS)
            at--;
        if (at == op->error_count) {
            op->errors[op->error_count++] = (struct tg_error_count){
                .code = slot->code,
                .name = slot->code == TG_EXPECT_ROWS_CODE ? "expect_rows"
                                                          : self->engine->error_name(slot->code),
                .text = tg_arena_strdup(self->arena, slot->text),
            };
        }
        op->errors[at].count += slot->count;
    }
}

static void move_hdr(struct tg_hdr *from, struct tg_hdr *total, struct tg_hdr *interval)
{
    if (from->total == 0 && from->out_of_range == 0)
        return;
    tg_hdr_add(total, from);
    if (interval)
        tg_hdr_add(interval, from);
    tg_hdr_reset(from);
}

static void take_record(struct tg_collector *self, size_t i, struct tg_op_record *record)
{
    struct tg_op_result *op = &self->result->ops[i];
    struct tg_interval_op *interval = &self->intervals->ops[i];
    op->succeeded += record->succeeded;
    op->failed += record->failed;
    op->retries += record->retries;
    op->rows += record->rows;
    take_errors(self, op, record);
    struct tg_hdr *primary = record->response ? record->response : record->service;
    tg_hdr_add(self->all, primary);
    if (op->response) {
        assert(record->response && record->lag);
        move_hdr(record->response, op->response, interval->primary);
        move_hdr(record->service, op->service, interval->service);
        move_hdr(record->lag, op->lag, NULL);
    } else {
        move_hdr(record->service, op->service, interval->primary);
    }
    record->succeeded = record->failed = record->retries = record->rows = 0;
    memset(record->errors, 0, sizeof record->errors);
}

void tg_collect_set(void *context, struct tg_record_set *set)
{
    struct tg_collector *self = context;
    for (size_t i = 0; i < self->result->op_count; i++)
        take_record(self, i, &set->ops[i]);
    if (self->result->busy_lag) {
        move_hdr(set->busy_lag, self->result->busy_lag, NULL);
        move_hdr(set->late_lag, self->result->late_lag, NULL);
    }
}
