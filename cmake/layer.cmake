# dueprocess_layer(NAME folder SOURCES ... HEADERS ... SEES ... LIBRARIES ... PUBLIC_LIBRARIES ...)
#
# Declares a layer: one library made of one folder. SEES names the layers whose headers it may include (they are linked
# publicly); tests/layers holds the folders to it. LIBRARIES are outside libraries its .cpp files use, PUBLIC_LIBRARIES
# those its headers need.
function(dueprocess_layer name folder)
  cmake_parse_arguments(PARSE_ARGV 2 layer "" "" "SOURCES;HEADERS;SEES;LIBRARIES;PUBLIC_LIBRARIES")
  string(JOIN " " sees ${layer_SEES})
  set_property(GLOBAL APPEND PROPERTY DUEPROCESS_LAYERS "${folder}: ${name}: ${sees}")

  add_library(dueprocess_${name} STATIC)
  add_library(dueprocess::${name} ALIAS dueprocess_${name})
  target_sources(dueprocess_${name} PRIVATE ${layer_SOURCES}
    PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${layer_HEADERS})
  list(TRANSFORM layer_SEES PREPEND dueprocess::)
  target_link_libraries(dueprocess_${name} PUBLIC ${layer_SEES} ${layer_PUBLIC_LIBRARIES} PRIVATE ${layer_LIBRARIES} dueprocess_options)
  target_compile_features(dueprocess_${name} PUBLIC cxx_std_20)
  set_property(GLOBAL APPEND PROPERTY DUEPROCESS_LIBRARIES dueprocess_${name})
endfunction()

# dueprocess_write_layers(file): what was declared, one layer a line as `folder: name: layers it sees`, for the layer check.
function(dueprocess_write_layers file)
  get_property(layers GLOBAL PROPERTY DUEPROCESS_LAYERS)
  string(JOIN "\n" lines ${layers})
  file(CONFIGURE OUTPUT "${file}" CONTENT "${lines}\n" @ONLY)
endfunction()
