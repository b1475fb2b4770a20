# SPDX-License-Identifier: MIT
# What reads and writes the core's numbers: fast_float, and dragonbox where the standard library writes no doubles.
# Both are headers that only core/src/number_text.cpp sees; who uses the installed core needs neither. Debian's
# packages where there are any, without letting Emscripten see the rest of /usr/include.
include(CheckCXXSourceCompiles)
include(FetchContent)

function(attention_svm_number_header package header repository commit)
  find_path(ATTENTION_SVM_${package}_DIR "${package}/${header}" PATHS /usr/include /usr/local/include
    PATH_SUFFIXES dragonbox-1.1.3 NO_CMAKE_FIND_ROOT_PATH)
  if(ATTENTION_SVM_${package}_DIR)
    set(found "${ATTENTION_SVM_${package}_DIR}/${package}")
  else()
    FetchContent_Declare(${package} GIT_REPOSITORY "${repository}" GIT_TAG "${commit}" SOURCE_SUBDIR none)
    FetchContent_MakeAvailable(${package})
    set(found "${${package}_SOURCE_DIR}/include/${package}")
  endif()
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/numbers")
  file(CREATE_LINK "${found}" "${PROJECT_BINARY_DIR}/numbers/${package}" SYMBOLIC)
endfunction()

attention_svm_number_header(fast_float fast_float.h https://github.com/fastfloat/fast_float.git
  7a6fe5ee799bc5583b9f8ac62966b15d669bed0f)  # 3.9.0
check_cxx_source_compiles("
  #include <version>
  #ifndef __cpp_lib_to_chars
  #error
  #endif
  int main() { return 0; }" ATTENTION_SVM_STANDARD_LIBRARY_WRITES_DOUBLES)
if(NOT ATTENTION_SVM_STANDARD_LIBRARY_WRITES_DOUBLES)
  attention_svm_number_header(dragonbox dragonbox.h https://github.com/jk-jeon/dragonbox.git
    3053a74ac81099591a12a55341a203d9688fbb92)  # 1.1.3
endif()
add_library(attention_svm_numbers INTERFACE)
target_include_directories(attention_svm_numbers SYSTEM INTERFACE "${PROJECT_BINARY_DIR}/numbers")
