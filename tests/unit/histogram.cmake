tg_unit_test(test_hdr tg_histogram m)
tg_unit_test(test_hdr_codec tg_histogram)
tg_unit_test(test_hdr_log tg_histogram)
target_sources(test_hdr_codec PRIVATE unit/hdr_manifest.c)
target_sources(test_hdr_log PRIVATE unit/hdr_manifest.c)

# What a record costs; run by hand or by scripts/bench.sh, never as a test.
add_executable(bench_hdr_record bench/hdr_record.c)
target_link_libraries(bench_hdr_record PRIVATE tg_histogram)

add_subdirectory(interop)
