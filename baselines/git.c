#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "baselines/host.h"
#include "common/text.h"

enum { PATIENCE_MS = 2000, LONGEST_ANSWER = 1 << 16 };

extern char **environ;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads until the writer closes or the time is up; false in the latter case. What is beyond
 * LONGEST_ANSWER is thrown away. */
static bool read_answer(int fd, struct tg_text *answer)
{
    int64_t deadline_ms = now_ms() + PATIENCE_MS;
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

static bool spawn(char *const argv[], int output, pid_t *child)
{
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
    int error = posix_spawnp(child, argv[0], &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
}

/* Runs a program and collects what it prints. True when it ended in time and successfully. */
static bool ask(char *const argv[], struct tg_text *answer)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t child;
    bool started = spawn(argv, ends[1], &child);
    close(ends[1]);
    bool answered = started && read_answer(ends[0], answer);
    close(ends[0]);
    if (!started)
        return false;
    if (!answered)
        kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return answered && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void tg_git_read(struct tg_arena *arena, struct tg_git *git)
{
    char program[] = "git";
    char no_locks[] = "--no-optional-locks"; /* we look; we do not get in anyone's way */
    char rev_parse[] = "rev-parse";
    char verify[] = "--verify";
    char head[] = "HEAD";
    char status[] = "status";
    char porcelain[] = "--porcelain";
    char tracked[] = "--untracked-files=no";
    char *const ask_commit[] = {program, no_locks, rev_parse, verify, head, NULL};
    char *const ask_changes[] = {program, no_locks, status, porcelain, tracked, NULL};

    *git = (struct tg_git){0};
    struct tg_text answer = {0};
    if (ask(ask_commit, &answer)) {
        size_t length = strspn(tg_text_string(&answer), "0123456789abcdef");
        if (length >= 40)
            git->commit = tg_arena_memdup(arena, answer.data, length);
    }
    tg_text_clear(&answer);
    /* A repository that does not answer in time may have changes: say so rather than vouch. */
    if (git->commit)
        git->dirty = !ask(ask_changes, &answer) || answer.length > 0;
    tg_text_free(&answer);
}
