# Reports: pages, charts, findings, milestones.
tg_unit_test(test_markup tg_reports)
tg_unit_test(test_sweep_view tg_test_sample tg_reports m)
tg_unit_test(test_milestone_documents tg_test_sample tg_reports m)
target_sources(test_milestone_documents PRIVATE unit/sample_milestone.c)
tg_unit_test(test_milestone_inputs tg_reports m)
