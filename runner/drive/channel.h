/* Messages between the coordinator and the worker process: JSON documents over a socket pair. */
#ifndef TG_RUNNER_DRIVE_CHANNEL_H
#define TG_RUNNER_DRIVE_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/diag.h"
#include "common/json.h"

/* Sends one message and deletes it. False when the other side is gone. */
bool tg_channel_send(int fd, cJSON *message);

/* The next message, owned by the caller; NULL when the other side is gone or sent something else.
 * Waits. */
cJSON *tg_channel_receive(int fd);

/* Is there something to receive, or has the other side gone, within `timeout_ns` (>= 0)? A signal
 * ends the wait early. */
bool tg_channel_ready(int fd, int64_t timeout_ns);

/* Diagnostics as part of a message ("diags"), and back: adds them to `diags`. */
void tg_channel_add_diags(cJSON *message, const struct tg_diags *diags);
void tg_channel_take_diags(const cJSON *message, struct tg_diags *diags);

#endif
