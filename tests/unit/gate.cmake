# The gate: from measured launches to a judgement, and what is printed of it.
tg_unit_test(test_gate_metrics tg_gate m)
tg_unit_test(test_gate_text tg_reports m)
tg_unit_test(test_selftest tg_reports m)
tg_unit_test(test_selftest_record tg_baselines m)
