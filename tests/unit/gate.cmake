# The command gate: what it does with measured launches, and what it prints.
tg_unit_test(test_gate_measure tg_drive tg_scenario tg_compare m)
target_sources(test_gate_measure PRIVATE ${PROJECT_SOURCE_DIR}/cli/gate_measure.c)
tg_unit_test(test_gate_text tg_reports m)
