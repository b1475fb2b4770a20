# SPDX-License-Identifier: MIT
# What the project takes from others: from the system where it has it, else fetched, each at one fixed commit.
include(FetchContent)

# Only headers, so Emscripten may use those of the system too.
macro(attention_svm_find_eigen)
  if(NOT TARGET Eigen3::Eigen)
    find_package(Eigen3 NO_MODULE QUIET NO_CMAKE_FIND_ROOT_PATH)
  endif()
  if(NOT TARGET Eigen3::Eigen)
    set(EIGEN_BUILD_DOC OFF)
    set(EIGEN_BUILD_PKGCONFIG OFF)
    set(BUILD_TESTING OFF)
    FetchContent_Declare(Eigen GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git
      GIT_TAG 3147391d946bb4b6c68edd901f2add6ac1f31f8c)  # 3.4.0
    FetchContent_MakeAvailable(Eigen)
  endif()
endmacro()

# Sets `out` to a folder of sources: `found` when it has `file`, else fetched.
function(attention_svm_sources out found file name repository commit)
  if(NOT EXISTS "${found}/${file}")
    FetchContent_Declare(${name} GIT_REPOSITORY ${repository} GIT_TAG ${commit} SOURCE_SUBDIR none)
    FetchContent_MakeAvailable(${name})
    set(found "${${name}_SOURCE_DIR}")
  endif()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()
