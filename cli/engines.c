#include <stdlib.h>

#include "cli/cli.h"
#include "cli/library.h"
#include "common/json.h"
#include "reports/layout/text_table.h"

static const char help[] =
    "Usage: tailgate engines [--json]\n"
    "\n"
    "Lists the engines a scenario can name, and whether the library that each loads by\n"
    "default is there.\n"
    "\n"
    "  --json   as JSON\n"
    "  --help   show this\n";

static void add_table(struct tg_text *out)
{
    static const struct tg_table_column columns[] = {
        {.title = "engine"},
        {.title = "library"},
        {.title = "found"},
        {.title = "what it is", .may_shorten = true},
    };
    struct tg_table table;
    size_t count;
    const struct tg_engine *const *engines = tg_engines(&count);
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        char text[TG_LIBRARY_TEXT];
        bool found = tg_library_probe(engines[i], text);
        tg_table_cell(&table, engines[i]->kind);
        tg_table_cell(&table, engines[i]->default_library ? engines[i]->default_library : "-");
        if (found)
            tg_table_cellf(&table, TG_GREEN, "%s", *text ? text : "yes");
        else
            tg_table_cellf(&table, TG_RED, "no");
        tg_table_cell(&table, engines[i]->summary);
    }
    tg_table_render(&table, 0, (size_t)tg_terminal_columns(), tg_use_color(stdout), out);
    tg_table_free(&table);
}

static void add_json(struct tg_text *out)
{
    size_t count;
    const struct tg_engine *const *engines = tg_engines(&count);
    cJSON *array = tg_json_array();
    for (size_t i = 0; i < count; i++) {
        char text[TG_LIBRARY_TEXT];
        bool found = tg_library_probe(engines[i], text);
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "kind", engines[i]->kind);
        tg_json_add_string(item, "summary", engines[i]->summary);
        tg_json_add_string(item, "library", engines[i]->default_library);
        tg_json_add_bool(item, "found", found);
        tg_json_add_string(item, "version", found && *text ? text : NULL);
        tg_json_add_string(item, "error", found ? NULL : text);
    }
    char *text = tg_json_print(array);
    tg_text_add(out, text);
    free(text);
    cJSON_Delete(array);
}

int tg_cmd_engines(int argc, char **argv)
{
    bool json;
    int exit_code;
    if (!tg_parse_json_only("engines", help, argc, argv, &json, &exit_code))
        return exit_code;
    struct tg_text out = {0};
    if (json)
        add_json(&out);
    else
        add_table(&out);
    fputs(tg_text_string(&out), stdout);
    tg_text_free(&out);
    return TG_EXIT_PASS;
}
