# stb_image of Debian's libstb-dev, for its decoder of deflate, without letting Emscripten see /usr/include.
find_file(ATTENTION_SVM_STB_IMAGE stb_image.h PATHS /usr/include/stb /usr/local/include/stb NO_DEFAULT_PATH
  NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/stb")
file(CREATE_LINK "${ATTENTION_SVM_STB_IMAGE}" "${PROJECT_BINARY_DIR}/stb/stb_image.h" SYMBOLIC)
add_library(stb_image INTERFACE)
target_include_directories(stb_image SYSTEM INTERFACE "${PROJECT_BINARY_DIR}/stb")
