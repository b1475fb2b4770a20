// SPDX-License-Identifier: MIT
#include "null_host.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

using attention_svm::shell::Driver;

// Called by Dear ImGui for every item while TestEngineHookItems is on (IMGUI_ENABLE_TEST_ENGINE).
void ImGuiTestEngineHook_ItemAdd(ImGuiContext* context, ImGuiID id, const ImRect& box,
                                 const ImGuiLastItemData*) {
  if (id != 0) static_cast<Driver*>(context->TestEngine)->itemSeen(id, box.Min, box.Max);
}
void ImGuiTestEngineHook_ItemInfo(ImGuiContext* context, ImGuiID id, const char* label,
                                  ImGuiItemStatusFlags) {
  if (id != 0 && label != nullptr) static_cast<Driver*>(context->TestEngine)->itemNamed(id, label);
}
void ImGuiTestEngineHook_Log(ImGuiContext*, const char*, ...) {}
const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext*, ImGuiID) { return nullptr; }

namespace attention_svm::shell {

void NullHost::startJob(int id, const std::string& request) {
  Result<std::unique_ptr<Job>> job = makeJob(request);
  if (job)
    jobs[id] = std::move(job).value();
  else
    refused[id] = job.error();
}

/// As a worker does: some work, then what it has come to.
void Driver::advanceJobs(int pieces) {
  if (host_.jobsWait) return;
  const auto refused = std::exchange(host_.refused, {});
  for (const auto& [id, reason] : refused) lab_->jobAnswered(id, 0.0, true, "", reason);
  std::vector<int> ids;
  for (const auto& [id, job] : host_.jobs) ids.push_back(id);
  for (const int id : ids) {
    const auto found = host_.jobs.find(id);
    if (found == host_.jobs.end()) continue;
    Job& job = *found->second;
    bool more = true;
    for (int piece = 0; piece < pieces && more; ++piece) more = job.advance();
    const double progress = job.progress();
    const std::string answer = job.answer(), failure = job.failure();
    if (!more) host_.jobs.erase(id);
    lab_->jobAnswered(id, progress, !more, answer, failure);
  }
}

void Driver::finishJobs() {
  while (!host_.jobs.empty() || !host_.refused.empty()) {
    advanceJobs(200);
    frames();
  }
}

Driver::Driver(const std::string& address, float width, float height,
               const std::map<std::string, std::string>& memory)
    : context_(ImGui::CreateContext()) {
  host_.memory = memory;
  context_->TestEngine = this;
  context_->TestEngineHookItems = true;
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.DisplaySize = {width, height};
  io.ConfigInputTrickleEventQueue = false;
  buildFonts(1.0f);
  unsigned char* pixels = nullptr;
  int w = 0, h = 0;
  io.Fonts->GetTexDataAsRGBA32(&pixels, &w, &h);
  lab_ = std::make_unique<Lab>(host_, address);
  frames(2);
}

Driver::~Driver() {
  lab_.reset();
  ImGui::DestroyContext(context_);
}

void Driver::frames(int count) {
  for (int k = 0; k < count; ++k) {
    host_.clock += 1.0 / 60.0;
    ImGui::GetIO().DeltaTime = 1.0f / 60.0f;
    rects_.clear();
    labels_.clear();
    ImGui::NewFrame();
    lab_->frame(0.006);
    ImGui::Render();
    vertices_ = ImGui::GetDrawData()->TotalVtxCount;
    advanceJobs(2);
  }
}

bool Driver::shows(const std::string& label) const {
  return std::any_of(labels_.begin(), labels_.end(),
                     [&label](const auto& item) { return item.first.rfind(label, 0) == 0; });
}

std::vector<ImVec2> Driver::centres(const std::string& label) const {
  std::vector<ImVec2> result;
  for (const auto& [name, id] : labels_) {
    if (name.rfind(label, 0) != 0) continue;
    const auto rect = rects_.find(id);
    if (rect == rects_.end()) continue;
    result.push_back({0.5f * (rect->second.low.x + rect->second.high.x),
                      0.5f * (rect->second.low.y + rect->second.high.y)});
  }
  return result;
}

ImVec2 Driver::centre(const std::string& label) const {
  const std::vector<ImVec2> all = centres(label);
  return all.empty() ? ImVec2{-1, -1} : all.front();
}

ImVec2 Driver::comboCentre(const std::string& label) const {
  for (ImGuiWindow* window : context_->Windows) {
    const auto rect = rects_.find(window->GetID(label.c_str()));
    if (rect != rects_.end())
      return {0.5f * (rect->second.low.x + rect->second.high.x),
              0.5f * (rect->second.low.y + rect->second.high.y)};
  }
  return {-1, -1};
}

void Driver::clickAt(ImVec2 at, ImGuiMouseButton button) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(at.x, at.y);
  frames();
  io.AddMouseButtonEvent(button, true);
  frames();
  io.AddMouseButtonEvent(button, false);
  frames(2);
}

bool Driver::click(const std::string& label) {
  const ImVec2 at = centre(label);
  if (at.x < 0) return false;
  clickAt(at);
  return true;
}

void Driver::drag(ImVec2 from, ImVec2 to) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(from.x, from.y);
  frames();
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
  frames();
  for (int k = 1; k <= 5; ++k) {
    const float share = static_cast<float>(k) / 5.0f;
    io.AddMousePosEvent(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share);
    frames();
  }
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  frames(2);
}

void Driver::key(ImGuiKey key, bool control, bool shift) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(ImGuiMod_Ctrl, control);
  io.AddKeyEvent(ImGuiMod_Shift, shift);
  io.AddKeyEvent(key, true);
  frames();
  io.AddKeyEvent(key, false);
  io.AddKeyEvent(ImGuiMod_Ctrl, false);
  io.AddKeyEvent(ImGuiMod_Shift, false);
  frames();
}

}  // namespace attention_svm::shell
