// SPDX-License-Identifier: MIT
#include <imgui.h>

#include <algorithm>

#include "../style.h"
#include "panels.h"

namespace attention_svm::shell {

namespace {

struct Part {
  const char* title;
  const char* text;
};

constexpr Part kParts[] = {
    {"What is going on",
     "Each sequence is a handful of tokens: points x in space. Its query z asks, and attention answers "
     "with shares: token x gets the logit xᵀW z, and softmax turns the logits of a sequence into shares "
     "s that sum to 1. A fixed head h reads the average o = Σ sₜ xₜ and predicts the label y = ±1. "
     "Gradient descent turns W so that the loss falls.\n\nIn the plane you see this directly: the arrow "
     "of a sequence is W z, and the token that reaches furthest in the direction of the arrow gets the "
     "largest share. Training turns the arrows."},
    {"Where it goes",
     "The loss has no minimum: it falls as long as W grows. What settles is the direction W / ‖W‖. The "
     "theorem: it becomes the direction of a support vector machine, the smallest W with\n\n    "
     "(x_selected − x_other)ᵀ W z ≥ 1    for every other token of every sequence.\n\nSmallest in "
     "Frobenius norm when W itself trains, in nuclear norm (the sum of singular values) when W = K Qᵀ "
     "and K, Q train, in ℓp norm under mirror descent. (K, Q) needs steps that grow to arrive within a wait: "
     "with "
     "constant ones it creeps, and the published curve is drawn by a tiny ridge (scenario \"What draws the "
     "published curve\"). The dashed rays are these solutions. The lab "
     "solves them to a relative duality gap of 1e-9, or says what was reached."},
    {"Which token is selected",
     "The score γ = y vᵀx says what a token is worth; a star marks the best one of each sequence. "
     "Training may settle on other tokens: a selection is locally optimal when every support token of "
     "its SVM, a token on the edge of the margin, scores lower than the selected one. Each such "
     "selection attracts nearby starts. The best tokens together are always one of them, the global "
     "one, where an SVM separates them. Heads that are not linear may keep several tokens; then W ≈ "
     "W_fin + R W_mm, a finite part that sets their proportions and a growing part that drives the "
     "others out."},
    {"Keys", nullptr},
    {"Mouse and touch",
     "Plots: drag to pan, wheel or two fingers to zoom, double click to see everything, click a legend "
     "entry to hide it, ⋯ for logarithmic axes, picture and table. In the plane, drag tokens, queries "
     "z, the head v, and before training the tips of the arrows, which chooses the initial W. Right "
     "click, or a long press, on a token or an empty place to add, delete or flip the label. Rest on "
     "anything, or tap it, for its meaning."},
    {"Source",
     "Tarzanagh, Li, Thrampoulidis, Oymak: Transformers as Support Vector Machines, arXiv 2308.16898 "
     "(2023). Mirror descent: Julistiono, Tarzanagh, Azizan (2024)."}};

constexpr const char* kKeys[][2] = {{"space", "play, pause"},
                                    {"→", "one step"},
                                    {"r", "reset"},
                                    {"w", "why? the checks behind the verdict"},
                                    {"ctrl k  or  /", "find any action"},
                                    {"ctrl z, ctrl shift z", "undo, redo"},
                                    {"?", "this help"},
                                    {"esc", "closes"}};

void drawKeys() {
  for (const auto& key : kKeys) {
    ImGui::TextUnformatted(key[0]);
    ImGui::SameLine(170);
    ImGui::TextUnformatted(key[1]);
  }
}

}  // namespace

void drawHelp(bool& open) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowSize({std::min(600.0f, screen.x - 20), std::min(640.0f, screen.y - 20)},
                           ImGuiCond_Appearing);
  ImGui::SetNextWindowPos({0.5f * screen.x, 0.5f * screen.y}, ImGuiCond_Appearing, {0.5f, 0.5f});
  if (ImGui::Begin("Help", &open, ImGuiWindowFlags_NoCollapse))
    for (const Part& part : kParts) {
      ImGui::PushFont(titleFont());
      ImGui::TextUnformatted(part.title);
      ImGui::PopFont();
      if (part.text != nullptr)
        ImGui::TextWrapped("%s", part.text);
      else
        drawKeys();
      ImGui::Spacing();
    }
  ImGui::End();
}

}  // namespace attention_svm::shell
