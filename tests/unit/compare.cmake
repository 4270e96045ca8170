# compare/: each part against reference values from R and SciPy, and the whole gate by simulation.
foreach(test test_compare_estimate test_compare_signed_rank test_compare_rank_sum
             test_compare_spending test_compare_gate test_compare_stored test_compare_proportion
             test_compare_failures test_compare_growth test_compare_median)
  tg_unit_test(${test} tg_compare m)
endforeach()

add_executable(gate_simulation simulation/gate_simulation.c simulation/noise.c)
target_link_libraries(gate_simulation PRIVATE tg_compare m)
add_test(NAME simulation/gate COMMAND gate_simulation)
set_tests_properties(simulation/gate PROPERTIES TIMEOUT 600)
