#include "reports/milestone/file.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "runner/scenario/fields.h"

struct reading {
    struct tg_reader reader;
    struct tg_arena *arena;
    struct tg_milestone_file *file;
};

static const char *const priority_words[] = {"P1", "P2", "P3", "P4"};
enum { PRIORITIES = sizeof priority_words / sizeof *priority_words };

/* ---- texts ---- */

void tg_milestone_read_text(struct tg_reader *reader, const struct tg_toml_node *node,
                            const char **out)
{
    const char *text;
    if (!node || !tg_read_string(reader, node, &text))
        return;
    if (text[strspn(text, " \t\r\n")] == '\0')
        tg_node_error(reader, node, "\"%s\" is empty", node->name);
    *out = text;
}

static void add_name(struct tg_reader *reader, const struct tg_toml_node *node,
                     struct tg_milestone_names *names)
{
    struct tg_milestone_name *name = &names->items[names->count];
    *name = (struct tg_milestone_name){.place = node->place};
    tg_milestone_read_text(reader, node, &name->text);
    names->count += name->text != NULL;
}

void tg_milestone_read_names(struct tg_reader *reader, struct tg_arena *arena,
                             const struct tg_toml_node *node, struct tg_milestone_names *names)
{
    if (!node)
        return;
    bool one = node->type == TG_TOML_STRING;
    if (!one && node->type != TG_TOML_ARRAY) {
        tg_node_error(reader, node, "\"%s\" must be a string or an array of strings, not %s",
                      node->name, tg_toml_type_name(node->type));
        return;
    }
    if (!one && node->count == 0)
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" is empty", node->name),
                     "leave it out, or name at least one");
    names->items = tg_arena_array(arena, one ? 1 : node->count, sizeof *names->items);
    if (one)
        add_name(reader, node, names);
    for (const struct tg_toml_node *child = one ? NULL : node->first; child; child = child->next)
        add_name(reader, child, names);
}

bool tg_milestone_matches(const struct tg_milestone_names *patterns, const char *name)
{
    for (size_t i = 0; i < patterns->count; i++)
        if (fnmatch(patterns->items[i].text, name, 0) == 0)
            return true;
    return patterns->count == 0;
}

static void read_required(struct tg_fields *fields, const char *key, const char *example,
                          const char **out)
{
    tg_milestone_read_text(fields->reader, tg_field_required(fields, key, example), out);
}

static void read_date(struct reading *reading, const struct tg_toml_node *node)
{
    static const size_t date_length = sizeof "2025-11-21" - 1;
    if (!node)
        return;
    if (node->type != TG_TOML_TIME || strlen(node->string) != date_length)
        tg_diag_hint(tg_node_error(&reading->reader, node, "\"date\" must be a date"),
                     "write it without quotes: 2025-11-21");
    else
        reading->file->date = node->string;
}

/* The tables of [[KEY]], or NULL after an error or without any; *count of them. */
static const struct tg_toml_node *open_list(struct reading *reading, struct tg_fields *fields,
                                            const char *key, size_t *count)
{
    const struct tg_toml_node *node = tg_field(fields, key);
    *count = 0;
    if (!node)
        return NULL;
    if (node->type != TG_TOML_ARRAY) {
        tg_diag_hint(tg_key_error(&reading->reader, node, "\"%s\" must be a list of tables", key),
                     "write [[%s]] above each", key);
        return NULL;
    }
    *count = node->count;
    return node->first;
}

/* ---- what was written by hand ---- */

struct note_keys { /* what the two texts of a note are called in the file */
    const char *list, *title, *text;
    bool title_required;
    const char *example; /* of the one that is required: TOML */
};

static const struct note_keys achievement_keys = {"achievement", "title", "text", false,
                                                  "\"what was achieved\""};
static const struct note_keys meaning_keys = {"meaning", "title", "text", false,
                                              "\"what it means\""};
static const struct note_keys risk_keys = {"risk", "title", "text", false, "\"what may go wrong\""};
static const struct note_keys file_keys = {"key_file", "file", "text", true, "\"schema.sql\""};
static const struct note_keys command_keys = {"command", "text", "run", false, "\"make test\""};

static void read_notes(struct reading *reading, struct tg_fields *root,
                       const struct note_keys *keys, struct tg_milestone_notes *out)
{
    size_t count;
    const struct tg_toml_node *node = open_list(reading, root, keys->list, &count);
    struct tg_milestone_note *notes = tg_arena_array(reading->arena, count, sizeof *notes);
    for (; node; node = node->next) {
        struct tg_milestone_note *note = &notes[out->count];
        struct tg_fields fields;
        *note = (struct tg_milestone_note){.title = "", .text = ""};
        if (!tg_read_type(&reading->reader, node, TG_TOML_TABLE))
            continue;
        tg_fields_open(&fields, &reading->reader, node);
        const char **required = keys->title_required ? &note->title : &note->text;
        const char **other = keys->title_required ? &note->text : &note->title;
        read_required(&fields, keys->title_required ? keys->title : keys->text, keys->example,
                      required);
        tg_milestone_read_text(&reading->reader,
                               tg_field(&fields, keys->title_required ? keys->text : keys->title),
                               other);
        tg_fields_close(&fields);
        out->count++;
    }
    out->items = notes;
}

static struct tg_milestone_advice *read_advice(struct reading *reading, struct tg_fields *root,
                                               const char *key, bool with_priority, size_t *count)
{
    size_t most;
    const struct tg_toml_node *node = open_list(reading, root, key, &most);
    struct tg_milestone_advice *advice = tg_arena_array(reading->arena, most, sizeof *advice);
    *count = 0;
    for (; node; node = node->next) {
        struct tg_milestone_advice *one = &advice[*count];
        struct tg_fields fields;
        size_t priority;
        *one = (struct tg_milestone_advice){.priority = "", .text = ""};
        if (!tg_read_type(&reading->reader, node, TG_TOML_TABLE))
            continue;
        tg_fields_open(&fields, &reading->reader, node);
        if (with_priority &&
            tg_read_word(&reading->reader, tg_field_required(&fields, "priority", "\"P2\""),
                         priority_words, PRIORITIES, &priority))
            one->priority = priority_words[priority];
        read_required(&fields, "text", "\"what to do\"", &one->text);
        tg_fields_close(&fields);
        ++*count;
    }
    return advice;
}

static void read_finding(struct reading *reading, const struct tg_toml_node *node,
                         struct tg_finding *finding)
{
    struct tg_reader *reader = &reading->reader;
    const char *severities[TG_FINDING_SEVERITIES];
    size_t severity = TG_FINDING_LOW;
    struct tg_fields fields;
    for (int i = 0; i < TG_FINDING_SEVERITIES; i++)
        severities[i] = tg_finding_severity_name((enum tg_finding_severity)i);
    /* A code of its own: no two of them are the same finding. */
    *finding = (struct tg_finding){
        .code = tg_arena_format(reading->arena, "noted-%zu", reading->file->findings.count),
        .where = "",
        .title = "",
        .evidence = "",
    };
    tg_fields_open(&fields, reader, node);
    read_required(&fields, "title", "\"one sentence\"", &finding->title);
    tg_read_word(reader, tg_field_required(&fields, "severity", "\"low\""), severities,
                 TG_FINDING_SEVERITIES, &severity);
    finding->severity = (enum tg_finding_severity)severity;
    tg_milestone_read_text(reader, tg_field(&fields, "where"), &finding->where);
    tg_milestone_read_text(reader, tg_field(&fields, "evidence"), &finding->evidence);
    tg_milestone_read_text(reader, tg_field(&fields, "remedy"), &finding->remedy);
    tg_milestone_read_text(reader, tg_field(&fields, "sql"), &finding->sql);
    finding->source = reading->file->path;
    tg_fields_close(&fields);
}

static void read_findings(struct reading *reading, struct tg_fields *root)
{
    size_t count;
    const struct tg_toml_node *node = open_list(reading, root, "finding", &count);
    struct tg_findings *findings = &reading->file->findings;
    findings->items = tg_arena_array(reading->arena, count, sizeof *findings->items);
    for (; node; node = node->next)
        if (tg_read_type(&reading->reader, node, TG_TOML_TABLE)) {
            findings->count++;
            read_finding(reading, node, &findings->items[findings->count - 1]);
        }
}

/* ---- what is reported on ---- */

static void read_before(struct reading *reading, const struct tg_toml_node *node)
{
    struct tg_reader *reader = &reading->reader;
    struct tg_milestone_before *before = &reading->file->befores[reading->file->before_count];
    struct tg_fields fields;
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    *before = (struct tg_milestone_before){.place = node->place};
    tg_fields_open(&fields, reader, node);
    const struct tg_toml_node *task = tg_field(&fields, "task");
    const struct tg_toml_node *comparison = tg_field(&fields, "comparison");
    const struct tg_toml_node *baseline = tg_field(&fields, "baseline");
    if ((task != NULL) + (comparison != NULL) + (baseline != NULL) != 1) {
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" must name one comparison", node->name),
                     "write { task = \"001\" }, { comparison = \"ID\" }, or { baseline = \"OLD\", "
                     "now = \"NEW\" }");
        return;
    }
    before->kind = task ? TG_BEFORE_TASK : comparison ? TG_BEFORE_COMPARISON : TG_BEFORE_BASELINE;
    tg_milestone_read_text(reader, task ? task : comparison ? comparison : baseline, &before->name);
    if (task)
        tg_read_bool(reader, tg_field(&fields, "competitive"), &before->competitive);
    if (baseline)
        tg_milestone_read_text(reader, tg_field_required(&fields, "now", "\"NAME\""), &before->now);
    tg_fields_close(&fields);
    reading->file->before_count++;
}

static void read_befores(struct reading *reading, const struct tg_toml_node *node)
{
    struct tg_milestone_file *file = reading->file;
    if (!node)
        return;
    size_t most = node->type == TG_TOML_ARRAY ? node->count : 1;
    file->befores = tg_arena_array(reading->arena, most, sizeof *file->befores);
    if (node->type != TG_TOML_ARRAY) {
        read_before(reading, node);
        return;
    }
    for (const struct tg_toml_node *child = node->first; child; child = child->next)
        read_before(reading, child);
}

static void read_inputs(struct reading *reading, const struct tg_toml_node *node)
{
    struct tg_reader *reader = &reading->reader;
    struct tg_milestone_file *file = reading->file;
    struct tg_fields fields;
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    tg_fields_open(&fields, reader, node);
    tg_milestone_read_names(reader, reading->arena, tg_field(&fields, "junit"), &file->junit);
    const struct tg_toml_node *cobertura = tg_field(&fields, "cobertura");
    const struct tg_toml_node *lcov = tg_field(&fields, "lcov");
    if (cobertura)
        file->cobertura.place = cobertura->place;
    if (lcov)
        file->lcov.place = lcov->place;
    tg_milestone_read_text(reader, cobertura, &file->cobertura.text);
    tg_milestone_read_text(reader, lcov, &file->lcov.text);
    if (cobertura && lcov)
        tg_diag_hint(tg_key_error(reader, lcov, "there are two inputs for code coverage"),
                     "keep either \"cobertura\" or \"lcov\"");
    tg_fields_close(&fields);
}

static void read_limits(struct reading *reading, const struct tg_toml_node *node)
{
    struct tg_reader *reader = &reading->reader;
    struct tg_finding_limits *limits = &reading->file->limits;
    struct tg_fields fields;
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    tg_fields_open(&fields, reader, node);
    tg_read_number(reader, tg_field(&fields, "headroom"), 1, 1e6, &limits->headroom);
    tg_read_fraction(reader, tg_field(&fields, "steal"), &limits->steal);
    tg_read_number(reader, tg_field(&fields, "wal_growth"), 1, 1e6, &limits->wal_growth);
    tg_fields_close(&fields);
}

static void refuse_twins(struct reading *reading, size_t i)
{
    const struct tg_milestone_file *file = reading->file;
    for (size_t j = 0; j < i; j++)
        if (file->measures[i].name && file->measures[j].name &&
            strcmp(file->measures[i].name, file->measures[j].name) == 0) {
            tg_diag_error(reading->reader.diags, (struct tg_place){.path = file->path},
                          "two criteria are called \"%s\"", file->measures[i].name);
            return;
        }
}

static void read_criteria(struct reading *reading, struct tg_fields *root)
{
    struct tg_milestone_file *file = reading->file;
    size_t count;
    const struct tg_toml_node *node = open_list(reading, root, "criteria", &count);
    file->measures = tg_arena_array(reading->arena, count, sizeof *file->measures);
    for (; node; node = node->next) {
        if (!tg_read_type(&reading->reader, node, TG_TOML_TABLE))
            continue;
        tg_milestone_read_measure(&reading->reader, reading->arena, node,
                                  &file->measures[file->measure_count]);
        refuse_twins(reading, file->measure_count++);
    }
}

/* ---- the whole ---- */

static void read_what(struct reading *reading, struct tg_fields *root)
{
    struct tg_reader *reader = &reading->reader;
    struct tg_milestone_file *file = reading->file;
    tg_milestone_read_names(reader, reading->arena, tg_field(root, "results"), &file->results);
    tg_milestone_read_names(reader, reading->arena, tg_field(root, "scenarios"), &file->scenarios);
    tg_milestone_read_names(reader, reading->arena, tg_field(root, "sweeps"), &file->sweeps);
    const struct tg_toml_node *before = tg_field(root, "before");
    read_befores(reading, before);
    bool any = before || tg_toml_get(reader->root, "results") ||
               tg_toml_get(reader->root, "scenarios") || tg_toml_get(reader->root, "sweeps");
    if (!any)
        tg_diag_hint(tg_node_error(reader, reader->root, "there is nothing to report on"),
                     "add scenarios = [\"NAME\"] for the newest result of a scenario; "
                     "`tailgate show --list` lists all results");
}

static void read_document(struct reading *reading)
{
    struct tg_reader *reader = &reading->reader;
    struct tg_milestone_file *file = reading->file;
    struct tg_fields root;
    tg_fields_open(&root, reader, reader->root);
    tg_read_format(reader, tg_field_required(&root, "format", "1"));
    read_required(&root, "project", "\"Memory store\"", &file->project);
    read_required(&root, "milestone", "\"Milestone 1\"", &file->name);
    tg_milestone_read_text(reader, tg_field(&root, "version"), &file->version);
    read_date(reading, tg_field(&root, "date"));
    tg_milestone_read_text(reader, tg_field(&root, "summary"), &file->summary);
    tg_read_number(reader, tg_field(&root, "approve_at"), 0, 100, &file->approve_at);
    read_what(reading, &root);
    read_inputs(reading, tg_field(&root, "inputs"));
    read_limits(reading, tg_field(&root, "limits"));
    read_criteria(reading, &root);
    read_findings(reading, &root);
    file->recommendations =
        read_advice(reading, &root, "recommendation", true, &file->recommendation_count);
    file->next_steps = read_advice(reading, &root, "next_step", false, &file->next_step_count);
    read_notes(reading, &root, &achievement_keys, &file->achievements);
    read_notes(reading, &root, &meaning_keys, &file->meaning);
    read_notes(reading, &root, &risk_keys, &file->risks);
    read_notes(reading, &root, &file_keys, &file->key_files);
    read_notes(reading, &root, &command_keys, &file->run_commands);
    tg_fields_close(&root);
}

enum tg_status tg_milestone_file_parse(const char *text, size_t length, const char *path,
                                       struct tg_arena *arena, struct tg_milestone_file *file,
                                       struct tg_diags *diags)
{
    const size_t errors_before = diags->errors;
    char *folder = tg_path_folder(path);
    *file = (struct tg_milestone_file){
        .path = tg_arena_strdup(arena, path),
        .folder = tg_arena_strdup(arena, folder),
        .project = "",
        .name = "",
        .version = "",
        .date = "",
        .summary = "",
        .approve_at = NAN,
        .limits = tg_finding_limits_default(),
    };
    free(folder);
    struct reading reading = {.reader = {.diags = diags}, .arena = arena, .file = file};
    reading.reader.root = tg_toml_parse(arena, file->path, text, length, diags);
    if (reading.reader.root)
        read_document(&reading);
    tg_diags_sort(diags);
    return diags->errors > errors_before ? TG_INVALID : TG_OK;
}

enum tg_status tg_milestone_file_read(const char *path, struct tg_arena *arena,
                                      struct tg_milestone_file *file, struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, TG_TOML_LIMIT_BYTES, &text, diags);
    if (status == TG_OK)
        status =
            tg_milestone_file_parse(tg_text_string(&text), text.length, path, arena, file, diags);
    tg_text_free(&text);
    return status;
}
