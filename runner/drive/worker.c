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
#include "runner/drive/clock.h"
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

/* Waits for the end of its process, and returns the status that waitpid() gives. */
static int reap(struct tg_worker *worker)
{
    /* First: a worker that is still there waits for the next request on it. */
    close(worker->fd);
    worker->fd = -1;
    int status = 0;
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    worker->pid = 0;
    return status;
}

/* `status`: of waitpid(). A hang that we ended has no signal: none tells of the store. */
static void note_crash(struct tg_worker *worker, int status)
{
    char limit[TG_UNIT_TEXT];
    bool killed = worker->killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    bool hung = killed && worker->hung_ns > 0;
    worker->crash_signal = WIFSIGNALED(status) && !hung ? WTERMSIG(status) : 0;
    free(worker->crash);
    if (hung)
        worker->crash = tg_format("the worker process did not come back within %s and was killed",
                                  tg_format_duration(worker->hung_ns, limit));
    else if (killed)
        worker->crash = tg_strdup("the worker process did not stop and was killed");
    else if (WIFSIGNALED(status))
        worker->crash = tg_format("the worker process was ended by signal %d (%s)",
                                  worker->crash_signal, strsignal(worker->crash_signal));
    else
        worker->crash =
            tg_format("the worker process ended by itself with exit code %d", WEXITSTATUS(status));
}

static enum tg_status report_crash(const struct tg_worker *worker, struct tg_diags *diags)
{
    struct tg_diag *diag =
        tg_diag_error(diags, (struct tg_place){0}, "%s",
                      worker->crash ? worker->crash : "the worker process is gone");
    if (worker->hung_ns > 0)
        tg_diag_hint(diag, "the store's library hangs");
    else if (worker->crash_signal == SIGKILL && !worker->killed)
        tg_diag_hint(diag, "somebody killed it, or the kernel did for want of memory (see dmesg)");
    else if (worker->crash_signal != SIGKILL)
        tg_diag_hint(diag, "the store's library crashed or called exit()");
    return TG_STORE;
}

static enum tg_status gone(struct tg_worker *worker, struct tg_diags *diags)
{
    if (worker->pid != 0)
        note_crash(worker, reap(worker));
    return report_crash(worker, diags);
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

int64_t tg_patience_look(struct tg_patience *patience, int64_t now_ns)
{
    int64_t since_ns = patience->last_ns == 0 ? 0 : now_ns - patience->last_ns;
    patience->waited_ns += since_ns < TG_NS_PER_S ? since_ns : TG_NS_PER_S;
    patience->last_ns = now_ns;
    return patience->waited_ns;
}

enum tg_status tg_worker_call(struct tg_worker *worker, cJSON *request, struct tg_worker_wait wait,
                              cJSON **answer, struct tg_diags *diags)
{
    if (answer)
        *answer = NULL;
    struct tg_patience patience = {0};
    (void)tg_patience_look(&patience, tg_now_ns());
    if (!tg_worker_send(worker, request))
        return gone(worker, diags);
    while (!tg_channel_ready(worker->fd, 100 * TG_NS_PER_MS)) {
        if (wait.stop && *wait.stop > wait.heeded) {
            tg_worker_kill(worker, 0);
            (void)reap(worker);
            tg_diag_error(diags, (struct tg_place){0}, "interrupted");
            return TG_INTERRUPTED;
        }
        int64_t waited_ns = tg_patience_look(&patience, tg_now_ns());
        if (wait.limit_ns > 0 && waited_ns > wait.limit_ns && !worker->killed)
            tg_worker_kill(worker, wait.limit_ns);
    }
    return tg_worker_answer(worker, answer, diags);
}

void tg_worker_kill(struct tg_worker *worker, int64_t hung_ns)
{
    worker->killed = true;
    worker->hung_ns = hung_ns;
    kill(worker->pid, SIGKILL);
}

enum tg_status tg_worker_close(struct tg_worker *worker, struct tg_worker_wait wait,
                               struct tg_diags *diags)
{
    if (worker->pid == 0)
        return TG_OK;
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "close");
    enum tg_status status = tg_worker_call(worker, request, wait, NULL, diags);
    if (worker->pid == 0)
        return status;
    int how = reap(worker);
    if (how == 0)
        return status;
    note_crash(worker, how);
    return report_crash(worker, diags);
}

void tg_worker_end(struct tg_worker *worker)
{
    if (worker->pid != 0) {
        tg_worker_kill(worker, 0);
        (void)reap(worker);
    }
    free(worker->crash);
    *worker = (struct tg_worker){.fd = -1};
}
