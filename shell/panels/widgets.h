// SPDX-License-Identifier: MIT
// Small pieces that all panels are made of.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "attention_svm/names.h"

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

/// A number with − and + beside it, `step` apart. True when another one is entered; text that is none changes
/// nothing.
bool inputNumber(const std::string& id, double& value, double step);
/// Lines of text below their headings, each column as wide as its widest text.
void textTable(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows);
bool button(const char* label, const char* explanation, ImVec2 size = {0, 0});
/// A number with − and + beside it, `step` apart. True when another one is entered; text that is none changes
/// nothing.
bool inputNumber(const std::string& id, double& value, double step);
/// Lines of text below their headings, each column as wide as its widest text.
void textTable(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows);
/// A handle on a line, `share` in [0, 1]; as wide as the room. True while it is moved.
bool slider(const char* id, float& share);
bool checkbox(const char* label, bool& value, const char* explanation);

/// A list of everything that `value` can be, by its label.
template <class Choice>
bool combo(const char* id, Choice& value) {
  if (!ImGui::BeginCombo(id, nameOf(value).label)) return false;
  bool changed = false;
  forEachName<Choice>([&](Choice choice, const Name& name) {
    if (ImGui::Selectable(name.label, choice == value) && choice != value) {
      value = choice;
      changed = true;
    }
    if (name.help != nullptr) tip(name.help);
  });
  ImGui::EndCombo();
  return changed;
}

}  // namespace attention_svm::shell
