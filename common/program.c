#include "common/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST_ANSWER = 1 << 16, POLITE_MS = 5000 };

extern char **environ;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads until the writer closes or the time is up; false in the latter case. What is beyond
 * LONGEST_ANSWER is thrown away. */
static bool read_answer(int fd, int64_t patience_ms, struct tg_text *answer)
{
    int64_t deadline_ms = now_ms() + patience_ms;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int64_t left_ms = deadline_ms - now_ms();
        int count = left_ms > 0 ? poll(&ready, 1, (int)left_ms) : 0;
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        char chunk[4096];
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        if (answer->length < LONGEST_ANSWER)
            tg_text_add_bytes(answer, chunk, (size_t)got);
    }
}

/* posix_spawn wants its strings writable, and leaves them alone. */
union arguments {
    const char *const *given;
    char *const *wanted;
};

static bool spawn(const char *const *given, int output, pid_t *child)
{
    union arguments arguments = {.given = given};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int error = posix_spawnp(child, given[0], &actions, &attributes, arguments.wanted, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
}

/* As waitpid, which says -1 where nobody is told of children (SIGCHLD is ignored): how this one has
 * ended is not known then. */
static pid_t wait_for(pid_t child, int options, int *status)
{
    pid_t ended;
    while ((ended = waitpid(child, status, options)) < 0 && errno == EINTR)
        ;
    return ended;
}

bool tg_program_ask(const char *const *arguments, int64_t patience_ms, struct tg_text *answer)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t child;
    bool started = spawn(arguments, ends[1], &child);
    close(ends[1]);
    bool answered = started && read_answer(ends[0], patience_ms, answer);
    close(ends[0]);
    if (!started)
        return false;
    if (!answered)
        kill(child, SIGKILL);
    int status = 0;
    return wait_for(child, 0, &status) == child && answered && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* The child's side; the folder, the log and a process group of its own, then the shell. */
_Noreturn static void become_shell(const struct tg_program_job *job, int log)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    int input = open("/dev/null", O_RDONLY);
    if (setpgid(0, 0) != 0 || chdir(job->folder) != 0 || dup2(input, STDIN_FILENO) < 0 ||
        dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
        _exit(127);
    execl("/bin/sh", "sh", "-c", job->command, (char *)NULL);
    _exit(127);
}

static void pause_shortly(void)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    nanosleep(&pause, NULL);
}

/* Ends the command with all of its process group: politely, and by force where that does not help
 * or the user is in a hurry. */
static void end_group(pid_t child, const volatile sig_atomic_t *stop)
{
    int64_t deadline_ms = now_ms() + POLITE_MS;
    int status;
    kill(-child, SIGTERM);
    kill(child, SIGTERM); /* its group may not exist yet */
    while (wait_for(child, WNOHANG, &status) == 0) {
        if (now_ms() >= deadline_ms || *stop > 1)
            kill(child, SIGKILL);
        pause_shortly();
    }
    kill(-child, SIGKILL); /* what it has left behind */
}

enum tg_status tg_program_run(const struct tg_program_job *job, int *exit_code,
                              struct tg_diags *diags)
{
    int log = open(job->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (log < 0)
        return tg_diag_errno(diags, job->log, errno, "cannot write");
    pid_t child = fork();
    int failed = errno;
    if (child == 0)
        become_shell(job, log);
    close(log);
    if (child < 0)
        return tg_diag_errno(diags, NULL, failed, "cannot start \"%s\"", job->command);
    int status = 0;
    pid_t ended;
    while ((ended = wait_for(child, WNOHANG, &status)) == 0) {
        if (job->stop && *job->stop) {
            end_group(child, job->stop);
            return TG_INTERRUPTED;
        }
        pause_shortly();
    }
    if (ended < 0)
        return tg_diag_errno(diags, NULL, errno, "cannot tell how \"%s\" ended", job->command);
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return TG_OK;
}
