# Reports: pages, charts, findings, milestones.
tg_unit_test(test_markup tg_reports)
tg_unit_test(test_sweep_view tg_test_sample tg_reports m)
tg_unit_test(test_compare_cases tg_reports tg_test_sample)
tg_unit_test(test_compare_github tg_reports tg_test_sample)
tg_unit_test(test_compare_page tg_reports tg_test_sample)
tg_unit_test(test_compare_junit tg_reports tg_test_sample PkgConfig::EXPAT)
