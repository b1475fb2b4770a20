// SPDX-License-Identifier: MIT
// Physical keys (KeyboardEvent.code) as Dear ImGui names them.
#pragma once

#include <imgui.h>

namespace attention_svm::web {

ImGuiKey keyFromCode(const char* code);

}  // namespace attention_svm::web
