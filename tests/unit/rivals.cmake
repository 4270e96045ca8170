# The published competitors: their files, our position against them, and how it is said.
tg_unit_test(test_competitors tg_baselines m)
tg_unit_test(test_position tg_compare m)
tg_unit_test(test_position_text tg_reports m)

add_executable(standing_simulation simulation/standing_simulation.c simulation/noise.c)
target_link_libraries(standing_simulation PRIVATE tg_baselines m)
add_test(NAME simulation/standing COMMAND standing_simulation)
set_tests_properties(simulation/standing PROPERTIES TIMEOUT 600)
