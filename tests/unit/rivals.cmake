# The published competitors: their files, our position against them, and how it is said.
tg_unit_test(test_competitors tg_baselines m)
tg_unit_test(test_position tg_compare m)
tg_unit_test(test_position_text tg_reports m)
