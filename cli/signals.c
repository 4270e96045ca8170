#include "cli/signals.h"

#include <stddef.h>

static volatile sig_atomic_t stop_requests;

static void request_stop(int number)
{
    (void)number;
    stop_requests = stop_requests + 1;
}

void tg_catch_signals(void)
{
    struct sigaction action = {.sa_handler = request_stop};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

const volatile sig_atomic_t *tg_stop_requests(void)
{
    return &stop_requests;
}
