/* A program between two texts: fed, read and watched at once, so that neither side waits for the
 * other for ever. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"
#include "common/program.h"

enum { MOST_COMPLAINTS = 4096, PAUSE_MS = 5 };

extern char **environ;

struct flow {
    const struct tg_filter *filter;
    struct tg_text *output, *complaints;
    size_t fed;     /* bytes of the input */
    int in;         /* ours of its standard input; -1: closed */
    int out, error; /* ours of its outputs; -1: closed */
    pid_t child;
    int64_t deadline_ms;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* posix_spawn wants its strings writable, and leaves them alone. */
union arguments {
    const char *const *given;
    char *const *wanted;
};

static int spawn(struct flow *flow, int in, int out, int error)
{
    union arguments arguments = {.given = flow->filter->arguments};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE); /* Tailgate may ignore it, which children inherit */
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawnp(&flow->child, arguments.given[0], &actions, &attributes,
                              arguments.wanted, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* Its input is a socket: writing to a program that does not read on is an error then, and not a
 * signal to Tailgate. Returns 0 or an errno. */
static int start(struct flow *flow)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, error[2] = {-1, -1};
    int failed = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0 || pipe2(out, O_CLOEXEC) != 0 ||
        pipe2(error, O_CLOEXEC) != 0)
        failed = errno;
    if (!failed)
        failed = spawn(flow, in[1], out[1], error[1]);
    close_end(&in[1]);
    close_end(&out[1]);
    close_end(&error[1]);
    flow->in = in[0];
    flow->out = out[0];
    flow->error = error[0];
    return failed;
}

static void feed(struct flow *flow)
{
    const struct tg_filter *filter = flow->filter;
    ssize_t sent = send(flow->in, filter->input + flow->fed, filter->input_length - flow->fed,
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        flow->fed += (size_t)sent;
    bool over = sent < 0 && errno != EAGAIN && errno != EINTR;
    if (over || flow->fed == filter->input_length)
        close_end(&flow->in);
}

/* Adds at most `limit` bytes in all and throws the rest away; false: there was a rest. */
static bool drain(int *end, struct tg_text *into, size_t limit)
{
    char chunk[1 << 14];
    ssize_t got = read(*end, chunk, sizeof chunk);
    if (got == 0 || (got < 0 && errno != EINTR))
        close_end(end);
    if (got <= 0)
        return true;
    size_t room = into->length < limit ? limit - into->length : 0;
    tg_text_add_bytes(into, chunk, (size_t)got < room ? (size_t)got : room);
    return (size_t)got <= room;
}

/* Until both outputs are closed. */
static enum tg_filter_end exchange(struct flow *flow, size_t output_limit, size_t complaint_limit)
{
    while (flow->out >= 0 || flow->error >= 0) {
        struct pollfd ready[] = {
            {.fd = flow->in, .events = POLLOUT},
            {.fd = flow->out, .events = POLLIN},
            {.fd = flow->error, .events = POLLIN},
        };
        int64_t left_ms = flow->deadline_ms - now_ms();
        int count = left_ms > 0 ? poll(ready, 3, (int)left_ms) : 0;
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return TG_FILTER_HUNG;
        if (ready[0].revents)
            feed(flow);
        if (ready[1].revents && !drain(&flow->out, flow->output, output_limit))
            return TG_FILTER_TOO_MUCH;
        if (ready[2].revents)
            (void)drain(&flow->error, flow->complaints, complaint_limit);
    }
    return TG_FILTER_EXITED;
}

/* It may have closed its outputs and still not end. */
static bool ends_in_time(struct flow *flow, int *status)
{
    for (;;) {
        pid_t ended = waitpid(flow->child, status, WNOHANG);
        if (ended == flow->child)
            return true;
        if (ended < 0 && errno != EINTR)
            return false;
        if (now_ms() >= flow->deadline_ms)
            return false;
        poll(NULL, 0, PAUSE_MS);
    }
}

static void kill_all(const struct flow *flow)
{
    int status;
    kill(-flow->child, SIGKILL);
    kill(flow->child, SIGKILL);
    while (waitpid(flow->child, &status, 0) < 0 && errno == EINTR)
        ;
}

enum tg_filter_end tg_program_filter(const struct tg_filter *filter, struct tg_text *output,
                                     struct tg_text *complaints, int *exit_code)
{
    struct flow flow = {
        .filter = filter,
        .output = output,
        .complaints = complaints,
        .deadline_ms = now_ms() + filter->patience_ms,
    };
    int status = 0;
    *exit_code = start(&flow);
    enum tg_filter_end end = TG_FILTER_ABSENT;
    if (*exit_code == 0) {
        end = exchange(&flow, output->length + filter->output_limit,
                       complaints->length + MOST_COMPLAINTS);
        close_end(&flow.in);
        if (end == TG_FILTER_EXITED && !ends_in_time(&flow, &status))
            end = TG_FILTER_HUNG;
        if (end != TG_FILTER_EXITED)
            kill_all(&flow);
    }
    close_end(&flow.in);
    close_end(&flow.out);
    close_end(&flow.error);
    if (end != TG_FILTER_EXITED)
        return end;
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return WIFEXITED(status) ? TG_FILTER_EXITED : TG_FILTER_KILLED;
}

bool tg_program_in_path(const char *name)
{
    const char *path = getenv("PATH");
    char *folders = tg_strdup(path ? path : "");
    char *rest = folders;
    bool found = false;
    for (char *folder = strsep(&rest, ":"); folder && !found; folder = strsep(&rest, ":")) {
        char *file = tg_path_join(folder, name);
        found = *folder && access(file, X_OK) == 0;
        free(file);
    }
    free(folders);
    return found;
}
