# What was made by hand for the tests of the store and of the reports to share.
add_library(tg_test_sample STATIC unit/sample_result.c unit/sample_comparison.c
            unit/sample_sweep.c)
target_include_directories(tg_test_sample PUBLIC unit)
target_link_libraries(tg_test_sample PUBLIC tg_gate tg_drive m)

tg_unit_test(test_results tg_test_sample tg_baselines)
tg_unit_test(test_comparison_json tg_test_sample tg_baselines m)
tg_unit_test(test_comparison_store tg_test_sample tg_baselines)
tg_unit_test(test_baseline tg_test_sample tg_baselines)
tg_unit_test(test_host tg_baselines)
tg_unit_test(test_report_text tg_test_sample tg_reports)
tg_unit_test(test_stored_view tg_test_sample tg_reports m)
