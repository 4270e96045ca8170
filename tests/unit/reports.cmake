# Reports: pages, charts, findings, milestones.
tg_unit_test(test_markup tg_reports)
tg_unit_test(test_sweep_view tg_test_sample tg_reports m)
