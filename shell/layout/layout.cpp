// SPDX-License-Identifier: MIT
#include "layout.h"

#include <imgui.h>

#include <algorithm>

namespace attention_svm::shell {

namespace {

constexpr float kPhoneWidth = 760.0f;

void readKeys(const Frame& frame) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool command = io.KeyCtrl || io.KeySuper;
  if (command && ImGui::IsKeyPressed(ImGuiKey_K, false)) frame.actions.toggleCommands = true;
  if (frame.screen.commands.open && ImGui::IsKeyPressed(ImGuiKey_Escape, false))
    frame.screen.commands.open = false;
  if (io.WantTextInput || frame.screen.commands.open) return;
  // As characters: where / and ? are depends on the keyboard
  for (const ImWchar c : io.InputQueueCharacters) {
    if (c == '?') frame.actions.toggleHelp = true;
    if (c == '/') frame.actions.toggleCommands = true;
  }
  if (ImGui::IsKeyPressed(ImGuiKey_Space, false)) frame.actions.togglePlay = true;
  if (frame.session.settings.panel == Panel::Figure) return;  // the other keys are the page's
  if (ImGui::IsKeyPressed(ImGuiKey_RightArrow)) frame.actions.steps = stepsAtOnce(frame.session.settings);
  if (!command && ImGui::IsKeyPressed(ImGuiKey_R, false)) frame.actions.reset = true;
  if (!command && ImGui::IsKeyPressed(ImGuiKey_W, false)) frame.actions.toggleWhy = true;
  if (command && ImGui::IsKeyPressed(ImGuiKey_Z, false))
    (io.KeyShift ? frame.actions.redo : frame.actions.undo) = true;
  if (command && ImGui::IsKeyPressed(ImGuiKey_Y, false)) frame.actions.redo = true;
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
    frame.screen.helpOpen = false;
    frame.screen.whyOpen = false;
  }
}

void beginWindow(ImVec2 screen) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(screen);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {8, 8});
  ImGui::Begin("lab", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus |
                   (screen.x < kPhoneWidth ? 0 : ImGuiWindowFlags_NoScrollWithMouse));
  ImGui::PopStyleVar(3);
}

void drawWhyWindow(const Frame& frame, ImVec2 screen) {
  ImGui::SetNextWindowSize({std::min(520.0f, screen.x - 20), std::min(560.0f, screen.y - 20)},
                           ImGuiCond_Appearing);
  ImGui::SetNextWindowPos({screen.x - 12, 12}, ImGuiCond_Appearing, {1, 0});
  if (ImGui::Begin("Why?", &frame.screen.whyOpen, ImGuiWindowFlags_NoCollapse)) drawWhy(frame.session);
  ImGui::End();
}

}  // namespace

void drawLab(const Frame& frame) {
  Screen& screen = frame.screen;
  if (screen.scenario != frame.session.settings.scenario) screen.views.clear();
  screen.scenario = frame.session.settings.scenario;
  screen.highlight.nextFrame();
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  beginWindow(size);
  readKeys(frame);
  if (frame.session.settings.panel == Panel::Figure)
    drawFigure(frame);
  else if (frame.session.settings.panel != Panel::Full)
    drawCompact(frame);
  else if (size.x < kPhoneWidth)
    drawPhone(frame);
  else
    drawDesktop(frame);
  ImGui::End();

  if (screen.helpOpen) drawHelp(screen.helpOpen);
  if (screen.whyOpen) drawWhyWindow(frame, size);
  if (screen.commands.open) drawCommands(frame.session, screen.commands, frame.actions);
}

}  // namespace attention_svm::shell
