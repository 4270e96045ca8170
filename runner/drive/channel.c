#include "runner/drive/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/text.h"
#include "common/units.h"

enum { MOST_MESSAGE_BYTES = 64 << 20 };

static bool send_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int fd, void *bytes, size_t length)
{
    char *at = bytes;
    while (length > 0) {
        ssize_t got = recv(fd, at, length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

bool tg_channel_send(int fd, cJSON *message)
{
    char *text = cJSON_PrintUnformatted(message);
    cJSON_Delete(message);
    if (!text)
        abort();
    uint64_t length = strlen(text);
    bool sent = send_all(fd, &length, sizeof length) && send_all(fd, text, length);
    cJSON_free(text);
    return sent;
}

cJSON *tg_channel_receive(int fd)
{
    uint64_t length;
    if (!receive_all(fd, &length, sizeof length) || length > MOST_MESSAGE_BYTES)
        return NULL;
    char *text = tg_realloc(NULL, length + 1);
    text[length] = '\0';
    cJSON *message = receive_all(fd, text, length) ? cJSON_ParseWithLength(text, length) : NULL;
    free(text);
    return message;
}

bool tg_channel_ready(int fd, int64_t timeout_ns)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    struct timespec timeout = {.tv_sec = timeout_ns / TG_NS_PER_S,
                               .tv_nsec = timeout_ns % TG_NS_PER_S};
    return ppoll(&wait, 1, &timeout, NULL) > 0;
}

void tg_channel_add_diags(cJSON *message, const struct tg_diags *diags)
{
    cJSON *list = tg_json_add(message, "diags", tg_json_array());
    for (size_t i = 0; i < diags->count; i++) {
        const struct tg_diag *diag = &diags->items[i];
        cJSON *item = tg_json_push(list, tg_json_object());
        tg_json_add_int64(item, "severity", diag->severity);
        tg_json_add_string(item, "path", diag->path);
        tg_json_add_int64(item, "line", diag->line);
        tg_json_add_int64(item, "column", diag->column);
        tg_json_add_string(item, "message", diag->message);
        tg_json_add_string(item, "hint", diag->hint);
    }
}

void tg_channel_take_diags(const cJSON *message, struct tg_diags *diags)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, tg_json_get(message, "diags"))
    {
        int64_t severity = TG_SEVERITY_ERROR, line = 0, column = 0;
        const char *path = NULL, *text = "", *hint = NULL;
        (void)tg_json_get_int64(item, "severity", &severity);
        (void)tg_json_get_int64(item, "line", &line);
        (void)tg_json_get_int64(item, "column", &column);
        (void)tg_json_get_string(item, "path", &path);
        (void)tg_json_get_string(item, "message", &text);
        (void)tg_json_get_string(item, "hint", &hint);
        struct tg_place place = {.path = path, .line = (int)line, .column = (int)column};
        struct tg_diag *diag = tg_diag_add(diags, (enum tg_severity)severity, place, "%s", text);
        if (hint)
            tg_diag_hint(diag, "%s", hint);
    }
}
