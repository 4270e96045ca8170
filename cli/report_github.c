#include "cli/report_github.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"
#include "reports/compare/compare_github.h"
#include "reports/compare/compare_page.h"

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

const char *tg_github_scenario(const struct tg_compare_view *view, struct tg_arena *arena)
{
    const char *workspace = variable("GITHUB_WORKSPACE");
    const char *scenario = view->gate.scenario_path;
    const char *inside = NULL;
    char *root = realpath(workspace ? workspace : ".", NULL);
    char *path = scenario ? realpath(scenario, NULL) : NULL;
    size_t length = root ? strlen(root) : 0;
    if (root && path && strncmp(path, root, length) == 0 && path[length] == '/')
        inside = tg_arena_strdup(arena, path + length + 1);
    free(path);
    free(root);
    return inside;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static enum tg_status append(const char *path, const struct tg_text *text, struct tg_diags *diags)
{
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    bool written = file >= 0 && write_all(file, tg_text_string(text), text->length);
    int error = errno;
    if (file >= 0 && close(file) != 0 && written) {
        written = false;
        error = errno;
    }
    return written ? TG_OK : tg_diag_errno(diags, path, error, "cannot be added to");
}

static enum tg_status add_summary(const struct tg_compare_view *view, const char *path,
                                  const char *made_by, struct tg_diags *diags)
{
    struct stat info;
    struct tg_text text = {0};
    size_t used = stat(path, &info) == 0 && info.st_size > 0 ? (size_t)info.st_size : 0;
    if (used + TG_COMPARE_LEAST_BYTES > TG_SUMMARY_MOST_BYTES) {
        tg_diag_hint(tg_diag_add(diags, TG_SEVERITY_WARNING, (struct tg_place){.path = path},
                                 "has no room for one more summary: GitHub shows 1 MiB of a step"),
                     "report each comparison in a step of its own");
        return TG_OK;
    }
    if (used > 0)
        tg_text_add(&text, "\n");
    tg_compare_markdown(view, made_by, TG_SUMMARY_MOST_BYTES - used - text.length, &text);
    enum tg_status status = append(path, &text, diags);
    tg_text_free(&text);
    return status;
}

enum tg_status tg_github_files(const struct tg_compare_view *view, const char *made_by,
                               struct tg_diags *diags)
{
    const char *summary = variable("GITHUB_STEP_SUMMARY");
    const char *output = variable("GITHUB_OUTPUT");
    enum tg_status status = summary ? add_summary(view, summary, made_by, diags) : TG_OK;
    if (output) {
        struct tg_text text = {0};
        tg_compare_outputs(view, &text);
        enum tg_status appended = append(output, &text, diags);
        status = status != TG_OK ? status : appended;
        tg_text_free(&text);
    }
    return status;
}
