tg_unit_test(test_judge tg_drive)
