# SPDX-License-Identifier: MIT
# Builds and runs the consumer, each way with what people combine:
#   installed    the core of this build, installed; by find_package, and by pkg-config with clang and C++23
#   shared       BUILD_SHARED_LIBS, installed, by find_package
#   subproject   FetchContent in a project that uses clang and C++23 and takes warnings for errors
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
function(must_exist pattern)
  file(GLOB_RECURSE found "${WORK}/installed/${pattern}")
  if(NOT found)
    message(FATAL_ERROR "the install tree lacks ${pattern}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
set(quick -G Ninja -DCMAKE_CXX_FLAGS=-O1)
set(consumer "${SOURCE}/tests/consumer")
if(WAY STREQUAL "installed")
  run(${CMAKE_COMMAND} --install "${BUILD}" --prefix "${WORK}/installed")
  must_exist(attention-svm.pc)
  must_exist(LICENSE)
elseif(WAY STREQUAL "shared")
  run(${CMAKE_COMMAND} -S "${SOURCE}" -B "${WORK}/core" ${quick} -DBUILD_SHARED_LIBS=ON -DATTENTION_SVM_BUILD_SHELL=OFF
    -DATTENTION_SVM_BUILD_TESTS=OFF "-DCMAKE_INSTALL_PREFIX=${WORK}/installed")
  run(${CMAKE_COMMAND} --build "${WORK}/core" --parallel 2 --target install)
  must_exist(libattention_svm_core.so)
endif()

if(WAY STREQUAL "subproject")
  run(${CMAKE_COMMAND} -S "${consumer}" -B "${WORK}/build" -G Ninja -DUSE_FETCH_CONTENT=ON
    "-DATTENTION_SVM_SOURCE=${SOURCE}" -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_CXX_STANDARD=23
    "-DCMAKE_CXX_FLAGS=-O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror")
else()
  run(${CMAKE_COMMAND} -S "${consumer}" -B "${WORK}/build" ${quick} "-DCMAKE_PREFIX_PATH=${WORK}/installed")
endif()
run(${CMAKE_COMMAND} --build "${WORK}/build" --parallel 2)
run("${WORK}/build/consumer")
run("${WORK}/build/host")

if(WAY STREQUAL "subproject")
  run(${CMAKE_COMMAND} --install "${WORK}/build" --prefix "${WORK}/installed")
  file(GLOB_RECURSE installed RELATIVE "${WORK}/installed" "${WORK}/installed/*")
  if(NOT installed STREQUAL "bin/consumer")
    message(FATAL_ERROR "installing the consumer installs more: ${installed}")
  endif()
elseif(WAY STREQUAL "installed")
  file(GLOB_RECURSE package "${WORK}/installed/*/attention-svm.pc")
  cmake_path(GET package PARENT_PATH folder)
  set(ENV{PKG_CONFIG_PATH} "${folder}")
  run(sh -c "clang++ -std=c++2b -O1 '${consumer}/main.cpp' $(pkg-config --cflags --libs attention-svm) -o '${WORK}/by-pkg-config'")
  run("${WORK}/by-pkg-config")
endif()
