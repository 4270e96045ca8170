/* The verdict of a gate for programs; docs/verdict.md describes every key. */
#ifndef TG_REPORTS_GATE_JSON_H
#define TG_REPORTS_GATE_JSON_H

#include "common/json.h"
#include "reports/gate/gate_view.h"

enum { TG_VERDICT_FORMAT = 1 };
#define TG_VERDICT_KIND "tailgate-verdict"

/* Free with cJSON_Delete. */
cJSON *tg_gate_to_json(const struct tg_gate_view *gate);

#endif
