# What `cmake --install` puts where: the binary, the scenarios, and the package by which another project's find_package(dueprocess)
# gets dueprocess::dueprocess, to drive an engine of its own (docs/own-engine.md). Headers keep their paths, under
# include/dueprocess.
include(CMakePackageConfigHelpers)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/dueprocess")

install(TARGETS dueprocess RUNTIME)
install(DIRECTORY scenarios/library/ DESTINATION "${CMAKE_INSTALL_DATADIR}/dueprocess/scenarios" OPTIONAL)

add_library(dueprocess_package INTERFACE)
add_library(dueprocess::dueprocess ALIAS dueprocess_package)
target_link_libraries(dueprocess_package INTERFACE dueprocess_command_line)
# Another project's program lies somewhere else, and finds the shipped scenarios by name all the same (entry.hpp).
target_compile_definitions(dueprocess_package INTERFACE
  "$<INSTALL_INTERFACE:DUEPROCESS_SCENARIOS=\"$<INSTALL_PREFIX>/${CMAKE_INSTALL_DATADIR}/dueprocess/scenarios\">")
set_target_properties(dueprocess_package PROPERTIES EXPORT_NAME dueprocess)

get_property(layers GLOBAL PROPERTY DUEPROCESS_LIBRARIES)
foreach(library ${layers} dueprocess_command_line)
  string(REPLACE "dueprocess_" "" short_name ${library})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${short_name})
endforeach()
install(TARGETS dueprocess_package dueprocess_command_line ${layers} EXPORT dueprocess
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/dueprocess"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/dueprocess")
# Interface targets that the static libraries link privately: a static library's user links what it links.
install(TARGETS dueprocess_options dueprocess_random123 EXPORT dueprocess)
install(EXPORT dueprocess NAMESPACE dueprocess:: FILE dueprocessTargets.cmake DESTINATION "${package_folder}")

write_basic_package_version_file("${PROJECT_BINARY_DIR}/dueprocessConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
configure_package_config_file(cmake/dueprocessConfig.cmake.in "${PROJECT_BINARY_DIR}/dueprocessConfig.cmake"
  INSTALL_DESTINATION "${package_folder}")
install(FILES "${PROJECT_BINARY_DIR}/dueprocessConfig.cmake" "${PROJECT_BINARY_DIR}/dueprocessConfigVersion.cmake"
  DESTINATION "${package_folder}")
