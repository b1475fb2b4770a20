// Small pieces that all panels are made of.
#pragma once

#include <imgui.h>

#include <utility>

namespace attention_svm::shell {

/// Explains the item before it, once the cursor has rested there (on touch: after a tap or a long press).
void tip(const char* text);

/// A line with a name at the left and a control in the rest of it; both carry the explanation.
class Row {
 public:
  Row(const char* label, const char* explanation);
  ~Row() { tip(explanation_); }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;

 private:
  const char* explanation_;
};

bool button(const char* label, const char* explanation, ImVec2 size = {0, 0});
bool checkbox(const char* label, bool& value, const char* explanation);

template <class Choice, std::size_t N>
bool combo(const char* id, Choice& value, const std::pair<Choice, const char*> (&choices)[N]) {
  const char* now = "";
  for (const auto& choice : choices)
    if (choice.first == value) now = choice.second;
  bool changed = false;
  if (!ImGui::BeginCombo(id, now)) return false;
  for (const auto& choice : choices)
    if (ImGui::Selectable(choice.second, choice.first == value) && choice.first != value) {
      value = choice.first;
      changed = true;
    }
  ImGui::EndCombo();
  return changed;
}

}  // namespace attention_svm::shell
