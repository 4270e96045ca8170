/* The verdict of a gate as a table for people. */
#ifndef TG_REPORTS_GATE_TEXT_H
#define TG_REPORTS_GATE_TEXT_H

#include "common/text.h"
#include "reports/gate/gate_view.h"

void tg_report_gate(const struct tg_gate_view *gate, int columns, bool color, struct tg_text *out);

#endif
