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

# The second implementation has to print what test_stream.c pins.
find_program(PYTHON3 python3)
if(PYTHON3)
  add_test(NAME unit/reference_stream
           COMMAND ${PYTHON3} ${PROJECT_SOURCE_DIR}/tests/reference/stream.py)
  set_tests_properties(unit/reference_stream PROPERTIES PASS_REGULAR_EXPRESSION
    "1 de00e8705437db2aa2aec7fbb1d2e755716952a746789abeea824005a52c2f9a
0xDEADBEEF 6d9c161eaa4536bed71640b6ac0707d3bd70bae67db5ef35be304657e93aa37a
0xFFFFFFFFFFFFFFFF 8246ba755c9fb547874088ac4e6f7c85823fb325a692aa8ae2ad7840b6578d59")
endif()
