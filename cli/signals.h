/* Requests to stop: Ctrl-C, SIGTERM, SIGHUP. */
#ifndef TG_CLI_SIGNALS_H
#define TG_CLI_SIGNALS_H

#include <signal.h>

/* From now on a signal is counted instead of ending the program. */
void tg_catch_signals(void);
/* How many came. */
const volatile sig_atomic_t *tg_stop_requests(void);

#endif
