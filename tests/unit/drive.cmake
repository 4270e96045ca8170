tg_unit_test(test_judge tg_drive)
tg_unit_test(test_arrivals tg_drive)
tg_unit_test(test_loop tg_drive)
tg_unit_test(test_inject tg_drive)
