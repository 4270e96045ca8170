# Tasks: their records, and where a store stands beside its competitors.
tg_unit_test(test_task tg_baselines)
tg_unit_test(test_standing tg_test_sample tg_baselines m)
