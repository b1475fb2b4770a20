# SPDX-License-Identifier: MIT
# Dear ImGui, fetched by script/fetch-imgui (checksum verified) or from its repository, compiled here with our
# configuration.
set(ATTENTION_SVM_IMGUI_DIR "${PROJECT_SOURCE_DIR}/build/_deps/imgui" CACHE PATH "Sources of Dear ImGui 1.90.1")
if(NOT EXISTS "${ATTENTION_SVM_IMGUI_DIR}/imgui.cpp" AND EXISTS /usr/bin/apt-get)
  execute_process(COMMAND "${PROJECT_SOURCE_DIR}/script/fetch-imgui" COMMAND_ERROR_IS_FATAL ANY)
endif()
attention_svm_sources(ATTENTION_SVM_IMGUI_DIR "${ATTENTION_SVM_IMGUI_DIR}" imgui.cpp imgui
  https://github.com/ocornut/imgui.git d6cb3c923d28dcebb2d8d9605ccc7229ccef19eb)

# The lab brings its own fonts. Dear ImGui's default one would be 10 kB of a first visit that nobody sees, and
# 1.90.1 has no switch for it: a copy without its data is compiled.
set(imgui_draw "${CMAKE_CURRENT_BINARY_DIR}/imgui/imgui_draw.cpp")
file(READ "${ATTENTION_SVM_IMGUI_DIR}/imgui_draw.cpp" text)
set(font "static const char proggy_clean_ttf_compressed_data_base85[")
string(FIND "${text}" "${font}" begin)
string(FIND "${text}" "static const char* GetDefaultCompressedFontDataTTFBase85()\n{" end)
if(begin EQUAL -1 OR end LESS begin)
  message(FATAL_ERROR "imgui_draw.cpp is not that of Dear ImGui 1.90.1")
endif()
string(SUBSTRING "${text}" 0 ${begin} head)
string(SUBSTRING "${text}" ${end} -1 tail)
file(CONFIGURE OUTPUT "${imgui_draw}" CONTENT "@head@${font}1] = \"\";\n@tail@" @ONLY)

add_library(imgui STATIC
  ${ATTENTION_SVM_IMGUI_DIR}/imgui.cpp
  ${imgui_draw}
  ${ATTENTION_SVM_IMGUI_DIR}/imgui_tables.cpp
  ${ATTENTION_SVM_IMGUI_DIR}/imgui_widgets.cpp)
target_include_directories(imgui SYSTEM PUBLIC ${ATTENTION_SVM_IMGUI_DIR})
target_compile_definitions(imgui PUBLIC IMGUI_USER_CONFIG="${PROJECT_SOURCE_DIR}/shell/config_imgui.h")
if(ATTENTION_SVM_SANITIZE)
  target_compile_options(imgui PRIVATE -fsanitize=address)
endif()
if(EMSCRIPTEN)
  target_compile_options(imgui PRIVATE -fno-exceptions -fno-rtti ${ATTENTION_SVM_SMALL})
endif()
