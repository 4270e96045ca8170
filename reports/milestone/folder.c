#include "reports/milestone/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/json.h"
#include "reports/milestone/summary.h"

#define PICTURES "charts"

static const struct document {
    const char *name;
    void (*write)(const struct tg_milestone *milestone, struct tg_text *out);
} documents[] = {
    {TG_MILESTONE_VALIDATION, tg_milestone_validation},
    {TG_MILESTONE_EXECUTIVE, tg_milestone_executive},
    {TG_MILESTONE_QUICK_REFERENCE, tg_milestone_quick_reference},
    {TG_MILESTONE_CHART_PAGE, tg_milestone_chart_page},
    {TG_MILESTONE_SUMMARY, tg_milestone_summary},
};
enum { DOCUMENTS = sizeof documents / sizeof *documents };

/* ---- what is there already ---- */

enum { MOST_SUMMARY_BYTES = 64 * 1024 * 1024 };

static bool is_document(const char *name)
{
    for (size_t i = 0; i < DOCUMENTS; i++)
        if (strcmp(name, documents[i].name) == 0)
            return true;
    return false;
}

/* Is it one that `summary`, of the earlier report, lists? A picture may be somebody else's. */
static bool is_picture(const char *name, mode_t mode, const cJSON *summary)
{
    const cJSON *picture;
    const char *ending = strrchr(name, '.');
    if (!S_ISREG(mode) || !ending || (strcmp(ending, ".svg") != 0 && strcmp(ending, ".png") != 0))
        return false;
    cJSON_ArrayForEach(picture, tg_json_get(summary, "pictures"))
    {
        const char *listed = cJSON_GetStringValue(picture);
        if (listed && strlen(listed) == (size_t)(ending - name) && tg_starts_with(name, listed))
            return true;
    }
    return false;
}

/* The first entry of a folder that `is_ours` does not know, as a path to free; NULL: none. *count
 * is how many entries there are, *error that of reading them. */
static char *find_foreign(const char *folder,
                          bool (*is_ours)(const char *name, mode_t mode, const cJSON *summary),
                          const cJSON *summary, size_t *count, int *error)
{
    DIR *open = opendir(folder);
    char *foreign = NULL;
    const struct dirent *entry;
    struct stat what;
    *count = 0;
    *error = open ? 0 : errno;
    while (open && !foreign && (entry = readdir(open))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        ++*count;
        if (fstatat(dirfd(open), entry->d_name, &what, AT_SYMLINK_NOFOLLOW) != 0 ||
            !is_ours(entry->d_name, what.st_mode, summary))
            foreign = tg_path_join(folder, entry->d_name);
    }
    if (open)
        closedir(open);
    return foreign;
}

/* Somebody's folder or link with the name of a document is none. */
static bool is_ours(const char *name, mode_t mode, const cJSON *summary)
{
    (void)summary;
    return (is_document(name) && S_ISREG(mode)) || (strcmp(name, PICTURES) == 0 && S_ISDIR(mode));
}

/* The summary in it, when it is that of a report; else NULL. Free with cJSON_Delete. */
static cJSON *read_summary(const char *folder)
{
    struct tg_diags ignored = {0};
    struct tg_text text = {0};
    cJSON *summary = NULL;
    const char *kind;
    char *path = tg_path_join(folder, TG_MILESTONE_SUMMARY);
    if (tg_file_read(path, MOST_SUMMARY_BYTES, &text, &ignored) == TG_OK)
        summary = tg_json_parse(tg_text_string(&text), text.length, path, &ignored);
    if (!tg_json_get_string(summary, "kind", &kind) || strcmp(kind, TG_MILESTONE_KIND) != 0) {
        cJSON_Delete(summary);
        summary = NULL;
    }
    tg_diags_free(&ignored);
    tg_text_free(&text);
    free(path);
    return summary;
}

static enum tg_status refuse(const char *path, const char *what, const char *hint,
                             struct tg_diags *diags)
{
    tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path}, "%s", what), "%s", hint);
    return TG_INVALID;
}

enum tg_status tg_milestone_check_folder(const struct tg_milestone_output *output,
                                         struct tg_diags *diags)
{
    static const char hint[] = "nothing in it is touched: name a folder that does not exist yet";
    const char *folder = output->folder;
    size_t count, picture_count;
    int error;
    if (!tg_path_exists(folder))
        return TG_OK;
    char *foreign = find_foreign(folder, is_ours, NULL, &count, &error);
    if (error)
        return tg_diag_errno(diags, folder, error, "cannot be the folder of a report");
    cJSON *summary = read_summary(folder);
    if (!foreign && count > 0) {
        char *pictures = tg_path_join(folder, PICTURES);
        foreign = find_foreign(pictures, is_picture, summary, &picture_count, &error);
        free(pictures);
    }
    enum tg_status status = TG_OK;
    if (error && error != ENOENT) /* a report without pictures has no such folder */
        status = tg_diag_errno(diags, folder, error, "its pictures cannot be looked at");
    else if (foreign)
        status = refuse(foreign, "is no part of a report, and stands where one is to be written",
                        hint, diags);
    else if (count > 0 && !summary)
        status = refuse(folder, "exists, and is not a report that Tailgate made", hint, diags);
    else if (count > 0 && !output->replace)
        status = refuse(folder, "holds an earlier report",
                        "--replace writes a new one in its place", diags);
    cJSON_Delete(summary);
    free(foreign);
    return status;
}

/* ---- pictures ---- */

static enum tg_status write_file(const char *folder, const char *name, const struct tg_text *text,
                                 struct tg_diags *diags)
{
    char *path = tg_path_join(folder, name);
    enum tg_status status = tg_file_write(path, tg_text_string(text), text->length, false, diags);
    free(path);
    return status;
}

/* *drawn is false, and *why says why, where gnuplot could not. */
static enum tg_status write_picture(const struct tg_chart *chart, const char *folder,
                                    struct tg_arena *arena, const char **why,
                                    struct tg_diags *diags)
{
    static const char *const endings[] = {[TG_PICTURE_SVG] = "svg", [TG_PICTURE_PNG] = "png"};
    enum tg_status status = TG_OK;
    for (int format = TG_PICTURE_SVG; format <= TG_PICTURE_PNG && status == TG_OK && !*why;
         format++) {
        struct tg_text bytes = {0};
        struct tg_diags drawing = {0};
        const char *name = tg_arena_format(arena, "%s.%s", chart->name, endings[format]);
        if (tg_chart_draw(chart, (enum tg_picture)format, &bytes, &drawing) == TG_OK)
            status = write_file(folder, name, &bytes, diags);
        else
            *why =
                tg_arena_format(arena, "%s could not be drawn: %s", name, drawing.items[0].message);
        tg_diags_free(&drawing);
        tg_text_free(&bytes);
    }
    return status;
}

static enum tg_status write_pictures(struct tg_milestone *milestone, const char *folder,
                                     struct tg_arena *arena, struct tg_diags *diags)
{
    size_t count;
    struct tg_chart **charts = tg_milestone_charts(milestone, &count, arena);
    const char **names = tg_arena_array(arena, count, sizeof *names);
    const char *why = NULL;
    enum tg_status status = tg_make_folders(folder, diags);
    for (size_t i = 0; i < count && status == TG_OK && !why; i++) {
        status = write_picture(charts[i], folder, arena, &why, diags);
        names[i] = charts[i]->name;
    }
    if (status != TG_OK)
        return status;
    if (why) {
        tg_diag_add(diags, TG_SEVERITY_WARNING, (struct tg_place){0}, "there are no pictures: %s",
                    why);
        milestone->picture_note = why;
        return tg_remove_tree(folder, diags);
    }
    milestone->pictures = names;
    milestone->picture_count = count;
    return TG_OK;
}

static enum tg_status add_pictures(struct tg_milestone *milestone,
                                   const struct tg_milestone_output *output, const char *folder,
                                   struct tg_arena *arena, struct tg_diags *diags)
{
    if (!output->pictures)
        milestone->picture_note = "Pictures were not asked for (--no-pictures).";
    else if (!tg_chart_can_draw())
        milestone->picture_note = tg_chart_how_to_draw();
    if (milestone->picture_note)
        return TG_OK;
    char *pictures = tg_path_join(folder, PICTURES);
    enum tg_status status = write_pictures(milestone, pictures, arena, diags);
    free(pictures);
    return status;
}

/* ---- the folder ---- */

static enum tg_status write_all(struct tg_milestone *milestone,
                                const struct tg_milestone_output *output, const char *folder,
                                struct tg_arena *arena, struct tg_diags *diags)
{
    enum tg_status status = add_pictures(milestone, output, folder, arena, diags);
    for (size_t i = 0; i < DOCUMENTS && status == TG_OK; i++) {
        struct tg_text text = {0};
        documents[i].write(milestone, &text);
        status = write_file(folder, documents[i].name, &text, diags);
        tg_text_free(&text);
    }
    return status;
}

/* The new report is there: what is left of the earlier one is no failure. */
static void remove_earlier(const char *path, struct tg_diags *diags)
{
    struct tg_diags removing = {0};
    if (tg_remove_tree(path, &removing) != TG_OK)
        tg_diag_add(diags, TG_SEVERITY_WARNING, (struct tg_place){.path = path},
                    "the earlier report is left here: %s", removing.items[0].message);
    tg_diags_free(&removing);
}

/* Swaps the two, so that at no moment there is none. Where the file system cannot (EINVAL), an
 * earlier report steps aside until the new one has its name. */
static enum tg_status put_in_place(const char *made, const char *folder, bool replace,
                                   struct tg_diags *diags)
{
    if (rename(made, folder) == 0)
        return TG_OK;
    if (!replace || (errno != ENOTEMPTY && errno != EEXIST))
        return tg_diag_errno(diags, folder, errno, "cannot put the report there");
    if (renameat2(AT_FDCWD, made, AT_FDCWD, folder, RENAME_EXCHANGE) == 0) {
        remove_earlier(made, diags);
        return TG_OK;
    }
    if (errno != EINVAL && errno != ENOSYS)
        return tg_diag_errno(diags, folder, errno, "cannot put the report there");
    char *aside = tg_format("%s.old.%ld", folder, (long)getpid());
    enum tg_status status = TG_OK;
    if (rename(folder, aside) != 0) {
        status = tg_diag_errno(diags, folder, errno, "cannot move the earlier report aside");
    } else if (rename(made, folder) != 0) {
        status = tg_diag_errno(diags, folder, errno, "cannot put the report there");
        if (rename(aside, folder) != 0)
            status = tg_diag_errno(diags, aside, errno, "the earlier report is left here");
    } else {
        remove_earlier(aside, diags);
    }
    free(aside);
    return status;
}

enum tg_status tg_milestone_write(struct tg_milestone *milestone,
                                  const struct tg_milestone_output *output, struct tg_arena *arena,
                                  struct tg_diags *diags)
{
    enum tg_status status = tg_milestone_check_folder(output, diags);
    if (status != TG_OK)
        return status;
    /* A link is followed: what it points to is written anew, not the link. */
    char *real = realpath(output->folder, NULL);
    char *folder = tg_strdup(real ? real : output->folder);
    for (size_t length = strlen(folder); length > 1 && folder[length - 1] == '/'; length--)
        folder[length - 1] = '\0';
    char *made = tg_format("%s.tmp.%ld", folder, (long)getpid());
    char *parent = tg_path_folder(folder);
    status = tg_make_folders(made, diags);
    if (status == TG_OK)
        status = write_all(milestone, output, made, arena, diags);
    if (status == TG_OK)
        status = put_in_place(made, folder, output->replace, diags);
    if (status == TG_OK)
        tg_sync_folder(parent);
    else if (tg_remove_tree(made, diags) != TG_OK)
        status = TG_SYSTEM;
    free(parent);
    free(made);
    free(folder);
    free(real);
    return status;
}
