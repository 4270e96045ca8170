/* What the exit code of a command says. README and the manual have the same table. */
#ifndef TG_COMMON_EXIT_CODE_H
#define TG_COMMON_EXIT_CODE_H

enum tg_exit {
    TG_EXIT_PASS = 0,
    TG_EXIT_FAIL = 1,
    TG_EXIT_COMPETITIVE = 2,
    TG_EXIT_UNKNOWN = 3,
    TG_EXIT_ERROR = 4,
};

#endif
