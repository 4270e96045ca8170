# Reports: pages, charts, findings, milestones.
tg_unit_test(test_markup tg_reports)
