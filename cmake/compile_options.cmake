# Flags live in interface targets that layers link privately; there are no global flags. The presets choose among these:
option(DUEPROCESS_WERROR "Warnings are errors")
option(DUEPROCESS_ASSERTIONS "The standard library checks its own preconditions")
set(DUEPROCESS_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
option(DUEPROCESS_TIDY "clang-tidy looks at every file but the tests as it is compiled")
option(DUEPROCESS_FUZZ "Fuzz targets run libFuzzer instead of replaying their corpus (needs clang)")

add_library(dueprocess_options INTERFACE)
target_compile_features(dueprocess_options INTERFACE cxx_std_20)
# No contraction to fused multiply-add: floating point must give the same tables on every machine.
# Asserts stay in every build: a programmer's error stops a release too.
target_compile_options(dueprocess_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -ffp-contract=off -UNDEBUG)
# Comparisons of the hot path are joined by & on purpose: one branch instead of six.
target_compile_options(dueprocess_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-bitwise-instead-of-logical>)
# What GCC's optimiser concludes about inlined strings and shared pointers is wrong too often (GCC bug 105651 and its kin);
# the sanitizers look for the same at run time.
target_compile_options(dueprocess_options INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-array-bounds;-Wno-maybe-uninitialized>)
if(CMAKE_UNITY_BUILD)
  # GCC takes a source file that another includes for a header, in which a type of an anonymous namespace would be a mistake.
  target_compile_options(dueprocess_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
if(DUEPROCESS_WERROR)
  target_compile_options(dueprocess_options INTERFACE -Werror)
endif()
if(DUEPROCESS_ASSERTIONS)
  target_compile_definitions(dueprocess_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(DUEPROCESS_SANITIZE)
  target_compile_options(dueprocess_options INTERFACE -fsanitize=${DUEPROCESS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(dueprocess_options INTERFACE -fsanitize=${DUEPROCESS_SANITIZE})
endif()
if(DUEPROCESS_SANITIZE STREQUAL "thread")
  # Asio has fences beside its locks and atomics; GCC warns of each that its thread sanitizer does not model them.
  target_compile_options(dueprocess_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
endif()

if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(DUEPROCESS_CCACHE ccache)
  if(DUEPROCESS_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${DUEPROCESS_CCACHE}")
  endif()
endif()

# The checks in force are part of the command line, so that changing them looks at every file again and nothing else does.
if(DUEPROCESS_TIDY)
  find_program(DUEPROCESS_CLANG_TIDY clang-tidy REQUIRED)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/.clang-tidy")
  file(MD5 "${PROJECT_SOURCE_DIR}/.clang-tidy" tidy_config)
  set(CMAKE_CXX_CLANG_TIDY "${DUEPROCESS_CLANG_TIDY};--quiet;--extra-arg=-DDUEPROCESS_TIDY_${tidy_config}")
endif()
