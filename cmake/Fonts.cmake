# SPDX-License-Identifier: MIT
# Subsets of the Inter and DejaVu fonts as byte arrays (script/make-fonts writes the .cpp). The system's Python first:
# that is the one whose fontTools a package brings.
find_program(ATTENTION_SVM_FONT_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(ATTENTION_SVM_FONT_PYTHON NAMES python3 python REQUIRED)
set(fonts_cpp "${CMAKE_CURRENT_BINARY_DIR}/fonts/shell_font_data.cpp")
add_custom_command(OUTPUT "${fonts_cpp}"
  COMMAND "${ATTENTION_SVM_FONT_PYTHON}" "${PROJECT_SOURCE_DIR}/script/make-fonts" "${fonts_cpp}"
  DEPENDS "${PROJECT_SOURCE_DIR}/script/make-fonts" VERBATIM)
# The digits preset and the two plane datasets, embedded the same way.
set(presets_cpp "${CMAKE_CURRENT_BINARY_DIR}/fonts/shell_preset_data.cpp")
add_custom_command(OUTPUT "${presets_cpp}"
  COMMAND "${ATTENTION_SVM_FONT_PYTHON}" "${PROJECT_SOURCE_DIR}/script/embed-text" "${presets_cpp}"
    kDigitsRows "${PROJECT_SOURCE_DIR}/web/data/digits-rows.json"
    kPlaneThree "${PROJECT_SOURCE_DIR}/web/data/plane-3.json"
    kPlaneFive "${PROJECT_SOURCE_DIR}/web/data/plane-5.json"
    kMlpKept "${PROJECT_SOURCE_DIR}/web/data/mlp-kept.json"
  DEPENDS "${PROJECT_SOURCE_DIR}/script/embed-text" "${PROJECT_SOURCE_DIR}/web/data/digits-rows.json"
    "${PROJECT_SOURCE_DIR}/web/data/plane-3.json" "${PROJECT_SOURCE_DIR}/web/data/plane-5.json" "${PROJECT_SOURCE_DIR}/web/data/mlp-kept.json" VERBATIM)
add_library(attention_svm_resources STATIC "${fonts_cpp}" "${presets_cpp}")
