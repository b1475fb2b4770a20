// SPDX-License-Identifier: MIT
#include "window_host.h"

#include <GLFW/glfw3.h>
#include <imgui.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <vector>

#include "null/raster.h"

namespace attention_svm::desktop {

namespace {

constexpr double kJobBudget = 0.010;  // seconds of a frame

void write(const std::string& name, const std::string& bytes) {
  std::ofstream(name, std::ios::binary) << bytes;
  std::printf("%s: %zu bytes\n", name.c_str(), bytes.size());
}

}  // namespace

WindowHost::WindowHost(GLFWwindow* window, std::string addressFile)
    : window_(window), addressFile_(std::move(addressFile)) {}

double WindowHost::seconds() const { return glfwGetTime(); }
void WindowHost::copyText(const std::string& text) { glfwSetClipboardString(window_, text.c_str()); }
void WindowHost::saveFile(const std::string& name, const std::string&, const std::string& bytes) {
  write(name, bytes);
}
void WindowHost::savePicture(const std::string& name, const shell::ScreenRect& area) {
  picture_.emplace(name, area);
}
void WindowHost::askForFile() { glfwSetWindowTitle(window_, "Drop the file onto this window"); }

void WindowHost::addressChanged(const std::string& fragment, bool) {
  glfwSetWindowTitle(window_, ("Attention SVM Lab #" + fragment).c_str());
  if (!addressFile_.empty()) std::ofstream(addressFile_) << fragment;
}

std::string WindowHost::remembered(const std::string& key) const {
  const auto found = memory_.find(key);
  return found == memory_.end() ? std::string() : found->second;
}

void WindowHost::startJob(int id, const std::string& request) {
  Result<std::unique_ptr<shell::Job>> job = shell::makeJob(request);
  if (job)
    jobs_[id] = std::move(job).value();
  else
    refused_[id] = job.error();
}

void WindowHost::writePicture() {
  const auto& [name, area] = *picture_;
  const ImVec2 scale = ImGui::GetIO().DisplayFramebufferScale;
  const shell::Picture all = shell::rasterize(*ImGui::GetDrawData(), IM_COL32_WHITE);
  const int left = static_cast<int>(area.x * scale.x), top = static_cast<int>(area.y * scale.y);
  shell::Picture part;
  part.width = std::min(static_cast<int>(area.width * scale.x), all.width - left);
  part.height = std::min(static_cast<int>(area.height * scale.y), all.height - top);
  for (int y = top; y < top + part.height; ++y) {
    const auto row = all.rgba.begin() + 4 * (std::ptrdiff_t{y} * all.width + left);
    part.rgba.insert(part.rgba.end(), row, row + 4 * std::ptrdiff_t{part.width});
  }
  write(name, shell::toPng(part));
  picture_.reset();
}

void WindowHost::afterFrame(shell::Lab& lab) {
  if (picture_) writePicture();
  for (const auto& [id, reason] : std::exchange(refused_, {})) lab.jobAnswered(id, 0.0, true, "", reason);
  std::vector<int> ids;  // an answer may stop or start jobs
  for (const auto& [id, job] : jobs_) ids.push_back(id);
  for (const int id : ids) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) continue;
    shell::Job& job = *found->second;
    const double end = seconds() + kJobBudget / static_cast<double>(ids.size());
    bool more = true;
    while (more && seconds() < end) more = job.advance();
    const double progress = job.progress();
    const std::string answer = job.answer(), failure = job.failure();
    if (!more) jobs_.erase(id);
    lab.jobAnswered(id, progress, !more, answer, failure);
  }
}

}  // namespace attention_svm::desktop
