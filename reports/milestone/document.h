/* What the Markdown documents of a milestone share. Internal to reports/milestone/. */
#ifndef TG_REPORTS_MILESTONE_DOCUMENT_H
#define TG_REPORTS_MILESTONE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/text.h"
#include "reports/milestone/milestone.h"

struct tg_document {
    const struct tg_milestone *milestone;
    struct tg_text *out;
    bool few_samples; /* "~" or "-" was shown for a percentile */
    bool explained;   /* ... and what they mean was said */
};

#define TG_NO_SOURCE SIZE_MAX

/* The title, whose milestone it is, and its status with the reason. `title` is a literal. */
void tg_document_begin(struct tg_document *document, const struct tg_milestone *milestone,
                       const char *title, struct tg_text *out);
/* The sources, to which every label in the document leads. */
void tg_document_end(struct tg_document *document);

/* A heading; `title` is a literal. */
void tg_document_section(struct tg_document *document, int level, const char *title);
/* A paragraph, and a point of a list with the source of what it says, or TG_NO_SOURCE. Plain text,
 * which is escaped. */
void tg_document_sayf(struct tg_document *document, const char *fmt, ...) TG_PRINTF(2, 3);
void tg_document_pointf(struct tg_document *document, size_t source, const char *fmt, ...)
    TG_PRINTF(3, 4);
/* Ends a list that began when `out` had `length` bytes: an empty line, or `none` as a paragraph
 * where nothing was listed (NULL: nothing). */
void tg_document_end_list(struct tg_document *document, size_t length, const char *none);
/* Points of what was written by hand. */
void tg_document_notes(struct tg_document *document, const struct tg_milestone_notes *notes);
/* Points that lead to the documents of the milestone, without the one of that name. */
void tg_document_files(struct tg_document *document, const char *without);
/* Where `limit` of `count` things were listed: how many more there are in the validation report.
 * "target", "targets": literals. */
void tg_document_more(struct tg_document *document, size_t count, size_t limit, const char *one,
                      const char *many);
/* Says what "~" and "-" mean after the first time that one of them was shown. */
void tg_document_explain_signs(struct tg_document *document);

/* "[R1]", which leads to the sources; nothing for TG_NO_SOURCE. */
void tg_document_add_source(const struct tg_milestone *milestone, size_t source,
                            struct tg_text *out);
/* The source with the id of a result or comparison, or TG_NO_SOURCE. */
size_t tg_document_source_of(const struct tg_milestone *milestone, const char *id);

/* What `show` has to say of each run; runs of which it says the same share it. It returns false
 * where it has nothing to say. Returns false when that is so of all runs. */
/* What `show` has to say of each run; runs of which it says the same share it. It returns false
 * and adds nothing where it has nothing to say. Returns false when that is so of all runs. */
typedef bool tg_document_show(const struct tg_result *result, struct tg_text *out);
bool tg_document_per_run(struct tg_document *document, tg_document_show *show);

/* "✅ APPROVED", "⚠️ CONDITIONAL", "❌ REJECTED"; static. */
const char *tg_document_decision(enum tg_decision decision);
/* "✅ met", "❌ missed", "⚠️ no data"; "⚠️ in doubt" where there is a `doubt`, not NULL.
 * Static.
 */
const char *tg_document_target_status(enum tg_target_status status, const char *doubt);
const char *tg_document_criterion_status(enum tg_criterion_status status);

/* ---- tables ---- */

struct tg_grid_column {
    const char *title; /* a literal */
    bool right;        /* numbers */
    /* What the column is about, a literal: a column that says the same in every row becomes a
     * sentence below the table. NULL: it stays. Empty columns are always left out. */
    const char *same;
};

struct tg_grid {
    const struct tg_grid_column *columns; /* borrowed */
    size_t column_count;
    struct tg_text *cells; /* row after row */
    size_t count, capacity;
};

void tg_grid_begin(struct tg_grid *grid, const struct tg_grid_column *columns, size_t count);
/* The next cell, to be filled before the next one is asked for: Markdown that is ready. */
struct tg_text *tg_grid_next(struct tg_grid *grid);
void tg_grid_skip(struct tg_grid *grid);                   /* an empty one */
void tg_grid_code(struct tg_grid *grid, const char *name); /* NULL: an empty one */
void tg_grid_cellf(struct tg_grid *grid, const char *fmt, ...) TG_PRINTF(2, 3);
/* Appends the table, and what is the same in all its rows; without a row nothing. Frees it. */
void tg_grid_end(struct tg_grid *grid, struct tg_text *out);

#endif
