// SPDX-License-Identifier: MIT
#include "keys.h"

#include <cstring>

namespace attention_svm::web {

namespace {

struct Key {
  const char* code;
  ImGuiKey key;
};

constexpr Key kKeys[] = {{"Tab", ImGuiKey_Tab},
                         {"ArrowLeft", ImGuiKey_LeftArrow},
                         {"ArrowRight", ImGuiKey_RightArrow},
                         {"ArrowUp", ImGuiKey_UpArrow},
                         {"ArrowDown", ImGuiKey_DownArrow},
                         {"PageUp", ImGuiKey_PageUp},
                         {"PageDown", ImGuiKey_PageDown},
                         {"Home", ImGuiKey_Home},
                         {"End", ImGuiKey_End},
                         {"Insert", ImGuiKey_Insert},
                         {"Delete", ImGuiKey_Delete},
                         {"Backspace", ImGuiKey_Backspace},
                         {"Space", ImGuiKey_Space},
                         {"Enter", ImGuiKey_Enter},
                         {"Escape", ImGuiKey_Escape},
                         {"NumpadEnter", ImGuiKey_KeypadEnter},
                         {"Slash", ImGuiKey_Slash},
                         {"Comma", ImGuiKey_Comma},
                         {"Period", ImGuiKey_Period},
                         {"Minus", ImGuiKey_Minus},
                         {"Equal", ImGuiKey_Equal}};

}  // namespace

ImGuiKey keyFromCode(const char* code) {
  if (std::strncmp(code, "Key", 3) == 0 && code[3] >= 'A' && code[3] <= 'Z')
    return static_cast<ImGuiKey>(ImGuiKey_A + (code[3] - 'A'));
  if (std::strncmp(code, "Digit", 5) == 0 && code[5] >= '0' && code[5] <= '9')
    return static_cast<ImGuiKey>(ImGuiKey_0 + (code[5] - '0'));
  for (const Key& entry : kKeys)
    if (std::strcmp(code, entry.code) == 0) return entry.key;
  return ImGuiKey_None;
}

}  // namespace attention_svm::web
