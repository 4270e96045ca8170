/* A value as it travels from a generator to an engine. */
#ifndef TG_RUNNER_WORKLOAD_VALUE_H
#define TG_RUNNER_WORKLOAD_VALUE_H

#include <stddef.h>
#include <stdint.h>

enum tg_value_type { TG_VALUE_NULL, TG_VALUE_INT, TG_VALUE_FLOAT, TG_VALUE_TEXT, TG_VALUE_BLOB };

struct tg_value {
    enum tg_value_type type;
    uint32_t length; /* bytes of text or blob */
    union {
        int64_t integer;
        double real;
        const char *bytes; /* text (UTF-8, NUL after `length` bytes) or blob; borrowed */
    };
};

#endif
