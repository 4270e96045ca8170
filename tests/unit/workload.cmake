tg_unit_test(test_random tg_workload)
tg_unit_test(test_dist tg_workload)
tg_unit_test(test_gen tg_workload)
tg_unit_test(test_gen_shapes tg_workload)
tg_unit_test(test_stream tg_workload)

# Benchmarks print one line each; nothing asserts their figures.
foreach(bench stream_ops load_rows)
  add_executable(bench_${bench} bench/${bench}.c)
  target_link_libraries(bench_${bench} PRIVATE tg_workload)
endforeach()
