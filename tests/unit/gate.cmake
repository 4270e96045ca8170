# The gate: from measured launches to a judgement, and what is printed of it.
tg_unit_test(test_gate_metrics tg_gate m)
tg_unit_test(test_gate_stored tg_gate m)
tg_unit_test(test_gate_text tg_reports m)
tg_unit_test(test_gate_json tg_reports m)
tg_unit_test(test_gate_log tg_reports m)
tg_unit_test(test_gate_next tg_reports m)
tg_unit_test(test_gate_progress tg_reports m)
