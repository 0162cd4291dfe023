# dueprocess_test(name SOURCES ... LIBRARIES ... [LABEL label]): one Catch2 executable, its test cases known to ctest by
# their sentences. The label is `unit` unless it is `threads`, which says that it starts threads: those, and only those, are what
# the tsan preset builds and runs. One label only: Catch2's discovery takes a list of them apart; and so it does with a sentence
# that has a semicolon, whose halves name no test. A name that runs nothing must fail: Catch2 3 says so by itself, 2 when told.
add_custom_target(thread_tests)
function(dueprocess_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "LABEL" "SOURCES;LIBRARIES")
  if(NOT test_LABEL)
    set(test_LABEL unit)
  endif()
  add_executable(test_${name} ${test_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${test_LIBRARIES} Catch2::Catch2WithMain dueprocess_options)
  target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/support")
  if(Catch2_VERSION VERSION_LESS 3)
    set(no_tests_fail EXTRA_ARGS --warn NoTests)
  endif()
  catch_discover_tests(test_${name} TEST_PREFIX "${name}: " ${no_tests_fail} PROPERTIES LABELS ${test_LABEL})
  if(test_LABEL STREQUAL "threads")
    add_dependencies(thread_tests test_${name})
  endif()
endfunction()

# dueprocess_benchmark(name SOURCES ... LIBRARIES ...): a Google Benchmark executable; ctest runs it for a moment so that it cannot rot.
function(dueprocess_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 bench "" "" "SOURCES;LIBRARIES")
  add_executable(bench_${name} ${bench_SOURCES})
  target_link_libraries(bench_${name} PRIVATE ${bench_LIBRARIES} benchmark::benchmark_main dueprocess_options)
  add_test(NAME "bench: ${name}" COMMAND bench_${name} --benchmark_min_time=0.001 --benchmark_filter=-/1000000)
  set_tests_properties("bench: ${name}" PROPERTIES LABELS bench)
endfunction()

# dueprocess_fuzz(name SOURCES ... LIBRARIES ...): a fuzz target. With DUEPROCESS_FUZZ it is a libFuzzer, which ctest runs for
# DUEPROCESS_FUZZ_SECONDS from tests/corpus/<name>; otherwise any compiler builds it with a main() that replays that corpus.
set(DUEPROCESS_FUZZ_SECONDS 20 CACHE STRING "How long ctest lets each fuzz target look for trouble")
add_custom_target(fuzz_targets)
function(dueprocess_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 fuzz "" "" "SOURCES;LIBRARIES")
  set(corpus "${PROJECT_SOURCE_DIR}/tests/corpus/${name}")
  add_executable(fuzz_${name} ${fuzz_SOURCES})
  target_link_libraries(fuzz_${name} PRIVATE ${fuzz_LIBRARIES} dueprocess_options)
  add_dependencies(fuzz_targets fuzz_${name})
  if(DUEPROCESS_FUZZ)
    set(found "${CMAKE_CURRENT_BINARY_DIR}/${name}")
    file(MAKE_DIRECTORY "${found}/corpus")
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME "fuzz: ${name}" COMMAND fuzz_${name} -max_total_time=${DUEPROCESS_FUZZ_SECONDS} -timeout=20 -rss_limit_mb=2048
      -print_final_stats=1 -artifact_prefix=${found}/ "${found}/corpus" "${corpus}")
    set_tests_properties("fuzz: ${name}" PROPERTIES LABELS fuzz)
  else()
    target_sources(fuzz_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/support/replay_corpus.cpp")
    add_test(NAME "corpus: ${name}" COMMAND fuzz_${name} "${corpus}")
    set_tests_properties("corpus: ${name}" PROPERTIES LABELS corpus)
  endif()
endfunction()
