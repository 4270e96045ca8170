#include "runner/drive/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/drive/channel.h"
#include "runner/drive/shuffle.h"

/* The child dies with its parent, leaves Ctrl-C and a closed terminal to it, reads nothing from the
 * terminal, and what the store prints does not end up in the parent's report. */
static void settle_child(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        close(null);
    }
}

enum tg_status tg_worker_start(struct tg_worker *worker, const struct tg_scenario *scenario,
                               const struct tg_workload *workload, struct tg_slots *slots,
                               struct tg_diags *diags)
{
    *worker = (struct tg_worker){.fd = -1};
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return tg_diag_errno(diags, NULL, errno, "cannot make a channel to the worker process");
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        int error = errno;
        close(fds[0]);
        close(fds[1]);
        return tg_diag_errno(diags, NULL, error, "cannot start the worker process");
    }
    if (pid == 0) {
        close(fds[0]);
        settle_child(parent);
        tg_shuffle_layout();
        tg_worker_serve(fds[1], scenario, workload, slots);
    }
    close(fds[1]);
    worker->pid = pid;
    worker->fd = fds[0];
    return TG_OK;
}

/* Collects the exit status of a worker that closed its channel, or makes it end. */
static void reap(struct tg_worker *worker, bool kill_it)
{
    if (worker->pid == 0)
        return;
    if (kill_it)
        kill(worker->pid, SIGKILL);
    /* First: a worker that is still there waits for the next request on it. */
    close(worker->fd);
    worker->fd = -1;
    int status = 0;
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    worker->pid = 0;
    if (kill_it)
        return;
    free(worker->crash);
    worker->crash = NULL;
    if (WIFSIGNALED(status))
        worker->crash_signal = WTERMSIG(status);
    if (worker->killed && worker->crash_signal == SIGKILL) {
        worker->crash = tg_strdup("the worker process did not stop and was killed");
    } else if (WIFSIGNALED(status)) {
        worker->crash = tg_format("the worker process was ended by signal %d (%s)",
                                  worker->crash_signal, strsignal(worker->crash_signal));
    } else {
        worker->crash =
            tg_format("the worker process ended by itself with exit code %d", WEXITSTATUS(status));
    }
}

static enum tg_status gone(struct tg_worker *worker, struct tg_diags *diags)
{
    reap(worker, false);
    struct tg_diag *diag =
        tg_diag_error(diags, (struct tg_place){0}, "%s",
                      worker->crash ? worker->crash : "the worker process is gone");
    if (worker->crash_signal == SIGKILL && worker->killed)
        return TG_STORE;
    if (worker->crash_signal == SIGKILL)
        tg_diag_hint(diag, "somebody killed it, or the kernel did for want of memory (see dmesg)");
    else
        tg_diag_hint(diag, "the store's library crashed or called exit()");
    return TG_STORE;
}

bool tg_worker_send(struct tg_worker *worker, cJSON *request)
{
    if (worker->pid == 0) {
        cJSON_Delete(request);
        return false;
    }
    return tg_channel_send(worker->fd, request);
}

enum tg_status tg_worker_answer(struct tg_worker *worker, cJSON **answer, struct tg_diags *diags)
{
    cJSON *message = worker->pid == 0 ? NULL : tg_channel_receive(worker->fd);
    if (!message)
        return gone(worker, diags);
    int64_t status = TG_OK;
    (void)tg_json_get_int64(message, "status", &status);
    tg_channel_take_diags(message, diags);
    if (answer)
        *answer = message;
    else
        cJSON_Delete(message);
    return (enum tg_status)status;
}

enum tg_status tg_worker_call(struct tg_worker *worker, cJSON *request,
                              const volatile sig_atomic_t *stop, int heeded, cJSON **answer,
                              struct tg_diags *diags)
{
    if (answer)
        *answer = NULL;
    if (!tg_worker_send(worker, request))
        return gone(worker, diags);
    while (!tg_channel_ready(worker->fd, 100 * TG_NS_PER_MS)) {
        if (stop && *stop > heeded) {
            reap(worker, true);
            tg_diag_error(diags, (struct tg_place){0}, "interrupted");
            return TG_INTERRUPTED;
        }
    }
    return tg_worker_answer(worker, answer, diags);
}

void tg_worker_kill(struct tg_worker *worker)
{
    worker->killed = true;
    kill(worker->pid, SIGKILL);
}

void tg_worker_end(struct tg_worker *worker)
{
    if (worker->pid != 0) {
        cJSON *request = tg_json_object();
        tg_json_add_string(request, "do", "close");
        bool well =
            tg_channel_send(worker->fd, request) && tg_channel_ready(worker->fd, 10 * TG_NS_PER_S);
        reap(worker, !well);
    }
    free(worker->crash);
    *worker = (struct tg_worker){.fd = -1};
}
