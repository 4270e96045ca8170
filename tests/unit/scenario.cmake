# The engines of these tests are their own (scenario_support.h): what they accept does not change
# with the real ones.
tg_unit_test(test_scenario tg_scenario)
tg_unit_test(test_scenario_errors tg_scenario)
tg_unit_test(test_scenario_generators tg_scenario)
tg_unit_test(test_scenario_files tg_scenario)
tg_unit_test(test_inject_section tg_scenario)
tg_unit_test(test_sweep_section tg_scenario)
tg_unit_test(test_scenario_diff tg_scenario)
tg_unit_test(test_sql_params tg_scenario)
