# dueprocess_test(name SOURCES ... LIBRARIES ...): one Catch2 executable, its test cases known to ctest by their sentences.
function(dueprocess_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;LIBRARIES;LABELS")
  add_executable(test_${name} ${test_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${test_LIBRARIES} Catch2::Catch2WithMain dueprocess_options)
  target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/support")
  catch_discover_tests(test_${name} TEST_PREFIX "${name}: " PROPERTIES LABELS "unit;${test_LABELS}")
endfunction()

# dueprocess_benchmark(name SOURCES ... LIBRARIES ...): a Google Benchmark executable; ctest runs it for a moment so that it cannot rot.
function(dueprocess_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 bench "" "" "SOURCES;LIBRARIES")
  add_executable(bench_${name} ${bench_SOURCES})
  target_link_libraries(bench_${name} PRIVATE ${bench_LIBRARIES} benchmark::benchmark_main dueprocess_options)
  add_test(NAME "bench: ${name}" COMMAND bench_${name} --benchmark_min_time=0.001 --benchmark_filter=-/1000000)
  set_tests_properties("bench: ${name}" PROPERTIES LABELS bench)
endfunction()
