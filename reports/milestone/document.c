#include "reports/milestone/document.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "reports/layout/markup.h"

/* ---- words ---- */

const char *tg_document_decision(enum tg_decision decision)
{
    switch (decision) {
    case TG_DECISION_APPROVED:
        return "✅ APPROVED";
    case TG_DECISION_CONDITIONAL:
        return "⚠️ CONDITIONAL";
    case TG_DECISION_REJECTED:
        break;
    }
    return "❌ REJECTED";
}

const char *tg_document_target_status(enum tg_target_status status, const char *doubt)
{
    static const char *const words[] = {
        [TG_TARGET_MET] = "✅ met",
        [TG_TARGET_MISSED] = "❌ missed",
        [TG_TARGET_NO_DATA] = "⚠️ no data",
    };
    return doubt && status != TG_TARGET_NO_DATA ? "⚠️ in doubt" : words[status];
}

const char *tg_document_criterion_status(enum tg_criterion_status status)
{
    static const char *const words[TG_CRITERION_STATUSES] = {
        [TG_CRITERION_MET] = "✅ met",
        [TG_CRITERION_MISSED] = "❌ missed",
        [TG_CRITERION_INCONCLUSIVE] = "⚠️ inconclusive",
        [TG_CRITERION_NO_DATA] = "⚠️ no data",
    };
    return words[status];
}

/* ---- text ---- */

void tg_document_section(struct tg_document *document, int level, const char *title)
{
    tg_text_pad(document->out, '#', (size_t)level);
    tg_text_addf(document->out, " %s\n\n", title);
}

void tg_document_sayf(struct tg_document *document, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    tg_markdown_text(document->out, text);
    tg_text_add(document->out, "\n\n");
    free(text);
}

void tg_document_pointf(struct tg_document *document, size_t source, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    tg_text_add(document->out, "- ");
    tg_markdown_text(document->out, text);
    if (source != TG_NO_SOURCE) {
        tg_text_add(document->out, " ");
        tg_document_add_source(document->milestone, source, document->out);
    }
    tg_text_add(document->out, "\n");
    free(text);
}

void tg_document_end_list(struct tg_document *document, size_t length, const char *none)
{
    if (document->out->length > length)
        tg_text_add(document->out, "\n");
    else if (none)
        tg_document_sayf(document, "%s", none);
}

void tg_document_notes(struct tg_document *document, const struct tg_milestone_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        const struct tg_milestone_note *note = &notes->items[i];
        tg_text_add(document->out, "- ");
        if (*note->title) {
            tg_text_add(document->out, "**");
            tg_markdown_text(document->out, note->title);
            tg_text_add(document->out, "**: ");
        }
        tg_markdown_text(document->out, note->text);
        tg_text_add(document->out, "\n");
    }
}

void tg_document_more(struct tg_document *document, size_t count, size_t limit, const char *one,
                      const char *many)
{
    if (count > limit)
        tg_text_addf(document->out, "%zu more %s: [%s](%s).\n\n", count - limit,
                     count - limit == 1 ? one : many, TG_MILESTONE_VALIDATION,
                     TG_MILESTONE_VALIDATION);
}

void tg_document_explain_signs(struct tg_document *document)
{
    if (document->few_samples && !document->explained)
        tg_document_sayf(document,
                         "~ before a percentile: fewer than ten operations lie beyond "
                         "it; - instead of one: fewer than one does, so it says nothing.");
    document->explained |= document->few_samples;
}

/* ---- beginning, end, sources ---- */

/* The documents repeat the decision and never make one; a contradiction between it and the criteria
 * is an error in Tailgate, and no document may hide it. */
static bool is_consistent(const struct tg_milestone *milestone)
{
    if (milestone->decision != TG_DECISION_APPROVED)
        return true;
    for (size_t i = 0; i < milestone->criterion_count; i++)
        if (milestone->criteria[i].must && milestone->criteria[i].status == TG_CRITERION_MISSED)
            return false;
    return milestone->exit_code == 0;
}

void tg_document_begin(struct tg_document *document, const struct tg_milestone *milestone,
                       const char *title, struct tg_text *out)
{
    assert(is_consistent(milestone));
    *document = (struct tg_document){.milestone = milestone, .out = out};
    tg_text_add(out, "# ");
    tg_markdown_text(out, milestone->name);
    tg_text_addf(out, ": %s\n\n**Project:** ", title);
    tg_markdown_text(out, milestone->project);
    if (*milestone->version) {
        tg_text_add(out, " · **Version:** ");
        tg_markdown_text(out, milestone->version);
    }
    tg_text_add(out, " · **Date:** ");
    tg_markdown_text(out, milestone->date);
    tg_text_addf(out, "\n\n**Status: %s**: ", tg_document_decision(milestone->decision));
    tg_markdown_text(out, milestone->reason);
    tg_text_add(out, "\n\n");
}

void tg_document_files(struct tg_document *document, const char *without)
{
    static const struct {
        const char *file, *what;
    } files[] = {
        {TG_MILESTONE_VALIDATION, "everything, with every plan and every source"},
        {TG_MILESTONE_EXECUTIVE, "status, achievements, risks, next steps"},
        {TG_MILESTONE_QUICK_REFERENCE, "one page"},
        {TG_MILESTONE_CHART_PAGE, "the figures as charts"},
        {TG_MILESTONE_SUMMARY, "the figures for programs"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(files[i].file, without) != 0)
            tg_text_addf(document->out, "- [%s](%s): %s\n", files[i].file, files[i].file,
                         files[i].what);
}

void tg_document_add_source(const struct tg_milestone *milestone, size_t source,
                            struct tg_text *out)
{
    if (source != TG_NO_SOURCE)
        tg_text_addf(out, "[%s]", milestone->sources[source].label);
}

size_t tg_document_source_of(const struct tg_milestone *milestone, const char *id)
{
    for (size_t i = 0; id && i < milestone->source_count; i++)
        if (strcmp(milestone->sources[i].id, id) == 0)
            return i;
    return TG_NO_SOURCE;
}

void tg_document_end(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_explain_signs(document);
    tg_document_section(document, 2, "Sources");
    tg_text_add(document->out, "Written by `tailgate report milestone` from");
    if (tg_document_source_of(milestone, milestone->file) == TG_NO_SOURCE) {
        tg_text_add(document->out, " ");
        tg_markdown_code(document->out, milestone->file);
        tg_text_add(document->out, milestone->source_count > 0 ? " and from" : "");
    }
    tg_text_add(document->out, milestone->source_count > 0 ? ":\n\n" : " alone.\n");
    for (size_t i = 0; i < milestone->source_count; i++) {
        const struct tg_milestone_source *source = &milestone->sources[i];
        tg_text_addf(document->out, "- [%s] ", source->label);
        tg_markdown_code(document->out, source->id);
        tg_text_add(document->out, ": ");
        tg_markdown_text(document->out, source->what);
        tg_text_add(document->out, "\n");
    }
    if (milestone->source_count > 0)
        tg_text_add(document->out, "\n");
    for (size_t i = 0; i < milestone->source_count; i++)
        tg_text_addf(document->out, "[%s]: #sources\n", milestone->sources[i].label);
}

/* ---- what runs have in common ---- */

struct said {
    struct tg_text text;
    struct tg_text sources;
    const char *scenario;
};

static void add_said(struct tg_document *document, const struct said *said, bool alone)
{
    if (!alone) {
        tg_text_add(document->out, "**Scenario ");
        tg_markdown_text(document->out, said->scenario);
        tg_text_addf(document->out, "** %s\n\n", said->sources.data);
    }
    tg_text_add(document->out, said->text.data);
    if (alone)
        tg_text_addf(document->out, "Source: %s\n\n", said->sources.data);
}

static struct said *find_said(struct said *all, size_t count, const char *scenario,
                              const struct tg_text *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].scenario, scenario) == 0 && strcmp(all[i].text.data, text->data) == 0)
            return &all[i];
    return NULL;
}

bool tg_document_per_run(struct tg_document *document, tg_document_show *show)
{
    const struct tg_milestone *milestone = document->milestone;
    struct said *all = tg_calloc(milestone->run_count + 1, sizeof *all);
    size_t count = 0;
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_milestone_run *run = &milestone->runs[i];
        const char *scenario = run->result->scenario;
        struct tg_text text = {0};
        if (!show(run->result, &text))
            continue;
        struct said *said = find_said(all, count, scenario, &text);
        if (said) {
            tg_text_add(&said->sources, ", ");
            tg_text_free(&text);
        } else {
            said = &all[count++];
            *said = (struct said){.text = text, .scenario = scenario};
        }
        tg_document_add_source(milestone, run->source, &said->sources);
    }
    for (size_t i = 0; i < count; i++) {
        add_said(document, &all[i], count == 1);
        tg_text_free(&all[i].text);
        tg_text_free(&all[i].sources);
    }
    free(all);
    return count > 0;
}
