/* Quantities as people write them, in and out: 50ms, 1.5s, 256MiB, 5%, 30/s. */
#ifndef TG_COMMON_UNITS_H
#define TG_COMMON_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TG_NS_PER_US INT64_C(1000)
#define TG_NS_PER_MS INT64_C(1000000)
#define TG_NS_PER_S INT64_C(1000000000)

/* Each parser reads the whole string and returns false when it is not such a quantity or does not
 * fit. Digits may be grouped with '_'; a space may stand before the unit; no sign. */

/* "50ms", "1.5s", "380ns", "10us" or "10µs", "2m" or "2min", "1h". A bare "0" is allowed. */
bool tg_parse_duration_ns(const char *text, int64_t *duration_ns);
/* "4096", "4096B", "64KiB", "256MiB", "1.5GiB", and the decimal kB, MB, GB. */
bool tg_parse_bytes(const char *text, int64_t *bytes);
/* "5%" -> 0.05; also "0.05". */
bool tg_parse_fraction(const char *text, double *fraction);
/* "800/s", "1_000/s", "30/min", "800 ops/s"; a bare number is per second. */
bool tg_parse_rate_per_s(const char *text, double *rate_per_s);
/* A plain number, digits grouped with '_' allowed. */
bool tg_parse_number(const char *text, double *number);

enum { TG_UNIT_TEXT = 32 }; /* room that every formatter below needs */

/* Three significant digits and the unit that fits: "0 ns", "380 ns", "1.23 µs", "45.6 ms", "1.50
 * s", "2m 05s" from 100 s on. Returns `out`. */
char *tg_format_duration(int64_t duration_ns, char out[TG_UNIT_TEXT]);
/* "512 B", "1.50 KiB", "256 MiB". */
char *tg_format_bytes(int64_t bytes, char out[TG_UNIT_TEXT]);
/* "12,345/s", "98.7/s", "0.51/s". */
char *tg_format_rate(double rate_per_s, char out[TG_UNIT_TEXT]);
/* "1,234,567". */
char *tg_format_count(int64_t count, char out[TG_UNIT_TEXT]);
/* A fraction >= 0 as percent: "0%", "<0.1%", "0.7%", "4.2%", "48%", "330%". What is nearly a whole
 * is never rounded up to one: "99.7%". */
char *tg_format_percent(double fraction, char out[TG_UNIT_TEXT]);
/* A ratio with three significant digits and thousands separators: "1.23", "45.6", "13,400". */
char *tg_format_ratio(double ratio, char out[TG_UNIT_TEXT]);

#endif
