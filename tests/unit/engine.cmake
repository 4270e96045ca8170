tg_unit_test(test_engine_noop tg_engine)
tg_unit_test(test_engine_store tg_engine)
tg_unit_test(test_engine_session tg_engine Threads::Threads)
tg_unit_test(test_engine_plan tg_engine)
