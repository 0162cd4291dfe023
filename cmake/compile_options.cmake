# Flags live in interface targets that layers link privately; there are no global flags.
add_library(dueprocess_options INTERFACE)
target_compile_features(dueprocess_options INTERFACE cxx_std_20)
# Not -Wpedantic: 128-bit integers (__int128) are an extension, used where sums of cents and quantile products need them.
# No contraction to fused multiply-add: floating point must give the same tables on every machine.
target_compile_options(dueprocess_options INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -ffp-contract=off)
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
