# Dear ImGui, fetched by script/fetch-imgui (checksum verified), compiled here with our configuration.
set(ATTENTION_SVM_IMGUI_DIR "${PROJECT_SOURCE_DIR}/build/_deps/imgui" CACHE PATH "Sources of Dear ImGui 1.90.1")
if(NOT EXISTS "${ATTENTION_SVM_IMGUI_DIR}/imgui.cpp")
  execute_process(COMMAND "${PROJECT_SOURCE_DIR}/script/fetch-imgui" COMMAND_ERROR_IS_FATAL ANY)
endif()

add_library(imgui STATIC
  ${ATTENTION_SVM_IMGUI_DIR}/imgui.cpp
  ${ATTENTION_SVM_IMGUI_DIR}/imgui_draw.cpp
  ${ATTENTION_SVM_IMGUI_DIR}/imgui_tables.cpp
  ${ATTENTION_SVM_IMGUI_DIR}/imgui_widgets.cpp)
target_include_directories(imgui SYSTEM PUBLIC ${ATTENTION_SVM_IMGUI_DIR})
target_compile_definitions(imgui PUBLIC IMGUI_USER_CONFIG="${PROJECT_SOURCE_DIR}/shell/imgui_config.h")
if(ATTENTION_SVM_SANITIZE)
  target_compile_options(imgui PRIVATE -fsanitize=address)
endif()
if(EMSCRIPTEN)
  target_sources(imgui PRIVATE ${ATTENTION_SVM_IMGUI_DIR}/backends/imgui_impl_opengl3.cpp)
  target_include_directories(imgui SYSTEM PUBLIC ${ATTENTION_SVM_IMGUI_DIR}/backends)
  target_compile_definitions(imgui PUBLIC IMGUI_IMPL_OPENGL_ES3)
  target_compile_options(imgui PRIVATE -fno-exceptions -fno-rtti -Oz)
endif()
