// SPDX-License-Identifier: MIT
// The command palette: every action of the lab, found by typing some of its letters.
#include <imgui.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "../order.h"
#include "../scenarios.h"
#include "../settings/table.h"
#include "../style.h"
#include "../views/views.h"
#include "actions.h"

namespace attention_svm::shell {

namespace {

struct Fixed {
  const char* title;
  const char* action;
  const char* keys = "";
};
constexpr Fixed kFixed[] = {{"Play or pause the training", "play", "space"},
                            {"One step", "step", "→"},
                            {"Reset: back to the start", "reset", "r"},
                            {"Why? The check behind each claim", "why", "w"},
                            {"Help", "help", "?"},
                            {"Undo", "undo", "ctrl z"},
                            {"Redo", "redo", "ctrl shift z"},
                            {"Open a file: JSON, CSV, NumPy, session", "open"},
                            {"Random data", "data=random"},
                            {"Run the experiment", "run"},
                            {"Show all locally optimal selections", "basins"},
                            {"Regularization path in the Frobenius ball", "path"},
                            {"Regularization path in the nuclear ball", "path-nuclear"},
                            {"Compare: add the other parameterization", "add=other"},
                            {"Compare: add another start", "add=start"},
                            {"Compare: five starts", "add=seeds"},
                            {"Compare: only the main run", "compare="},
                            {"Queries: one for each sequence", "every=0"},
                            {"Queries: every token asks", "every=1&causal=0"},
                            {"Queries: every token asks, causal mask", "every=1&causal=1"}};

/// Settings of which every choice is a command.
constexpr Fixed kChoices[] = {
    {"Train", "param"}, {"Optimizer", "opt"}, {"Loss", "loss"}, {"Gradient", "grad"}, {"Theme", "theme"}};

constexpr int kNoMatch = -100000;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Larger for letters that follow each other or begin a word; kNoMatch when they are not in the title.
int score(const std::string& title, const std::string& text) {
  int total = 0;
  std::size_t at = 0, last = std::string::npos;
  for (const char wanted : text) {
    if (wanted == ' ') continue;
    while (at < title.size() && lower(title[at]) != lower(wanted)) ++at;
    if (at == title.size()) return kNoMatch;
    const bool begins = at == 0 || std::isalnum(static_cast<unsigned char>(title[at - 1])) == 0;
    total += last != std::string::npos && at == last + 1 ? 6 : begins ? 5 : 0;
    last = at++;
  }
  return total * 64 - static_cast<int>(title.size());
}

/// A match from a later letter on may be a better one: the text as one word, say.
int bestScore(const std::string& title, const std::string& text) {
  int best = score(title, text);
  for (std::size_t start = 1; start < title.size() && best != kNoMatch; ++start)
    if (lower(title[start]) == lower(text[0])) best = std::max(best, score(title.substr(start - 1), text));
  return best;
}

/// At the right end of the line.
void drawKeys(const char* keys, bool chosen) {
  if (keys[0] == '\0') return;
  ImGui::SameLine(ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(keys).x);
  ImGui::PushStyleColor(ImGuiCol_Text, chosen ? palette().text : palette().quiet);
  ImGui::TextUnformatted(keys);
  ImGui::PopStyleColor();
}

void move(CommandPalette& state, int count) {
  const int before = state.chosen;
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) ++state.chosen;
  if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) --state.chosen;
  if (ImGui::IsKeyPressed(ImGuiKey_PageDown)) state.chosen += 8;
  if (ImGui::IsKeyPressed(ImGuiKey_PageUp)) state.chosen -= 8;
  state.chosen = std::clamp(state.chosen, 0, std::max(count - 1, 0));
  state.moved = state.chosen != before;
}

void drawContent(const Session& session, CommandPalette& state, Actions& actions) {
  if (ImGui::IsWindowAppearing()) {
    state.text[0] = '\0';
    state.chosen = 0;
    ImGui::SetKeyboardFocusHere();
  }
  ImGui::SetNextItemWidth(-1);
  const bool entered =
      ImGui::InputTextWithHint("##find", "type a few letters; ↑ ↓ choose, enter does it, esc closes",
                               state.text, sizeof state.text, ImGuiInputTextFlags_EnterReturnsTrue);
  if (ImGui::IsItemEdited()) state.chosen = 0;
  const std::vector<Command> found = matching(allCommands(session), state.text);
  move(state, static_cast<int>(found.size()));
  ImGui::BeginChild("found");
  if (found.empty()) ImGui::TextDisabled("Nothing has these letters.");
  for (int k = 0; k < static_cast<int>(found.size()); ++k) {
    const Command& command = found[static_cast<std::size_t>(k)];
    ImGui::PushID(k);
    const bool chosen = k == state.chosen;
    const bool pressed = ImGui::Selectable(command.title.c_str(), chosen, ImGuiSelectableFlags_AllowOverlap);
    if (chosen && state.moved) ImGui::SetScrollHereY();
    drawKeys(command.keys, chosen);
    ImGui::PopID();
    if (!pressed && !(entered && chosen)) continue;
    runAction(session, command.action, actions);
    state.open = false;
  }
  ImGui::EndChild();
}

}  // namespace

std::vector<Command> allCommands(const Session& session) {
  std::vector<Command> all;
  for (const Fixed& fixed : kFixed) all.push_back({fixed.title, fixed.action, fixed.keys});
  for (const Fixed& choice : kChoices)
    for (const Name& name : findSetting(choice.action)->choices()) {
      std::string action = std::string(choice.action) + "=" + name.id;
      if (action == "param=KQ") action += "&opt=normalized-gd-growing";  // with which it arrives
      all.push_back({std::string(choice.title) + ": " + name.label, action});
    }
  if (const Scenario* scenario = findScenario(session.settings.scenario))
    for (const TryThis& line : scenario->tries)
      all.push_back({std::string("Try this: ") + line.text, line.fields});
  for (const Scenario& scenario : scenarios())
    all.push_back({std::string("Scenario: ") + scenario.title, std::string("scenario=") + scenario.id});
  for (const PlotKind kind : allPlots()) {
    const auto& shown = session.settings.plots;
    const bool here = std::find(shown.begin(), shown.end(), kind) != shown.end();
    all.push_back({std::string(here ? "Hide plot: " : "Show plot: ") + plotTitle(kind),
                   std::string("plot=") + plotName(kind)});
  }
  for (const Export& choice : exports())
    if (choice.offered == nullptr || choice.offered(session))
      all.push_back({std::string(choice.file != nullptr ? "Export: " : "") + choice.label, choice.action});
  return all;
}

std::vector<Command> matching(const std::vector<Command>& commands, const std::string& text) {
  if (text.find_first_not_of(' ') == std::string::npos) return commands;
  std::vector<const Command*> found;
  std::vector<double> keys;
  for (const Command& command : commands)
    if (const int points = bestScore(command.title, text); points != kNoMatch) {
      found.push_back(&command);
      keys.push_back(-points);
    }
  std::vector<Command> result;
  for (const std::size_t k : orderOf(keys)) result.push_back(*found[k]);
  return result;
}

void drawCommands(const Session& session, CommandPalette& state, Actions& actions) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0.5f * screen.x, 0.1f * screen.y}, ImGuiCond_Always, {0.5f, 0.0f});
  ImGui::SetNextWindowSize({std::min(560.0f, screen.x - 20), std::min(460.0f, 0.8f * screen.y)});
  if (ImGui::Begin("Find an action", &state.open,
                   ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                       ImGuiWindowFlags_NoSavedSettings)) {
    const bool appearing = ImGui::IsWindowAppearing();
    drawContent(session, state, actions);
    if (!appearing && !ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows)) state.open = false;
  }
  ImGui::End();
}

}  // namespace attention_svm::shell
