# SPDX-License-Identifier: MIT
# The toolchain of the wasm preset: that of an activated emsdk, else the one beside the emcc that is found, else Debian's.
# `emcmake cmake --preset wasm` overrides it with its own.
find_program(ATTENTION_SVM_EMCC emcc PATHS "$ENV{EMSDK}/upstream/emscripten" /usr/share/emscripten NO_CMAKE_FIND_ROOT_PATH)
file(REAL_PATH "${ATTENTION_SVM_EMCC}" emcc)
cmake_path(GET emcc PARENT_PATH emscripten)
foreach(place "$ENV{EMSDK}/upstream/emscripten" "${emscripten}" "${emscripten}/libexec" /usr/share/emscripten)
  set(toolchain "${place}/cmake/Modules/Platform/Emscripten.cmake")
  if(EXISTS "${toolchain}")
    include("${toolchain}")
    return()
  endif()
endforeach()
message(FATAL_ERROR "Emscripten is missing: script/bootstrap installs Debian's, or activate an emsdk")
