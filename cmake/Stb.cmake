# SPDX-License-Identifier: MIT
# stb_image, for its decoder of deflate, by itself: Emscripten must not see the rest of /usr/include.
find_path(stb_found stb_image.h PATHS /usr/include/stb /usr/local/include/stb NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
attention_svm_sources(stb "${stb_found}" stb_image.h stb
  https://github.com/nothings/stb.git b42009b3b9d4ca35bc703f5310eedc74f584be58)
configure_file("${stb}/stb_image.h" "${PROJECT_BINARY_DIR}/stb/stb_image.h" COPYONLY)
add_library(stb_image INTERFACE)
target_include_directories(stb_image SYSTEM INTERFACE "${PROJECT_BINARY_DIR}/stb")
