# Reports: pages, charts, findings, milestones.
tg_unit_test(test_markup tg_reports)
tg_unit_test(test_chart_text tg_chart)
tg_unit_test(test_chart_draw tg_chart)
tg_unit_test(test_chart_data tg_test_sample tg_reports m)
