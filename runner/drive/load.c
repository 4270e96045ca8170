#include "runner/drive/load.h"

struct load_context {
    const struct tg_workload *workload;
    size_t load;
    struct tg_arena scratch;
};

static void make_row(void *context, uint64_t index, struct tg_value *values)
{
    struct load_context *load = context;
    tg_arena_reset(&load->scratch);
    tg_load_row(load->workload, load->load, index, &load->scratch, values);
}

static struct tg_row_source source_of(struct tg_arena *arena, const struct tg_load_spec *load,
                                      struct load_context *context)
{
    const char **columns = tg_arena_array(arena, load->column_count, sizeof *columns);
    for (size_t i = 0; i < load->column_count; i++)
        columns[i] = load->columns[i].name;
    return (struct tg_row_source){
        .table = load->table,
        .columns = columns,
        .column_count = load->column_count,
        .rows = load->rows,
        .row = make_row,
        .context = context,
    };
}

enum tg_status tg_load_store(const struct tg_scenario *scenario, const struct tg_workload *workload,
                             void *store, bool rows, struct tg_diags *diags)
{
    size_t count = rows ? scenario->load_count : 0;
    struct tg_arena arena = {0};
    struct tg_row_source *sources = tg_arena_array(&arena, count, sizeof *sources);
    struct load_context *contexts = tg_arena_array(&arena, count, sizeof *contexts);
    for (size_t i = 0; i < count; i++) {
        contexts[i] = (struct load_context){.workload = workload, .load = i};
        sources[i] = source_of(&arena, &scenario->loads[i], &contexts[i]);
    }
    enum tg_status status = scenario->engine->build(store, sources, count, diags);
    for (size_t i = 0; i < count; i++)
        tg_arena_free(&contexts[i].scratch);
    tg_arena_free(&arena);
    return status;
}
