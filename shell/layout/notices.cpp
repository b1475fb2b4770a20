// SPDX-License-Identifier: MIT
#include <imgui.h>

#include "../style.h"
#include "layout.h"

namespace attention_svm::shell {

void drawNotices(Notices& notices) {
  for (std::size_t k = 0; k < notices.all.size(); ++k) {
    ImGui::PushID(static_cast<int>(k));
    ImGui::PushStyleColor(ImGuiCol_ChildBg, withAlpha(palette().warn, 0.15f));
    const float wrap = ImGui::GetContentRegionAvail().x - 90;
    const float height = ImGui::CalcTextSize(notices.all[k].c_str(), nullptr, false, wrap).y + 22;
    ImGui::BeginChild("notice", {0, height}, true, ImGuiWindowFlags_NoScrollbar);
    ImGui::PushTextWrapPos(wrap);
    ImGui::TextUnformatted(notices.all[k].c_str());
    ImGui::PopTextWrapPos();
    ImGui::SameLine(ImGui::GetWindowWidth() - 70);
    const bool closed = ImGui::SmallButton("close");
    ImGui::EndChild();
    ImGui::PopStyleColor();
    ImGui::PopID();
    if (closed) {
      notices.all.erase(notices.all.begin() + static_cast<std::ptrdiff_t>(k));
      return;
    }
  }
}

void drawOffer(const Frame& frame) {
  if (!frame.headOffer) return;
  ImGui::PushStyleColor(ImGuiCol_ChildBg, withAlpha(palette().accent, 0.1f));
  const float line = ImGui::GetFrameHeightWithSpacing();
  const float wrap = ImGui::GetContentRegionAvail().x - 28;
  const float height = wrap > 640 ? 2 * line : wrap > 420 ? 4 * line : 5 * line;
  ImGui::BeginChild("offer", {0, height + ImGui::GetTextLineHeight() + 30}, true,
                    ImGuiWindowFlags_NoScrollbar);
  drawHeadOffer(*frame.headOffer, frame.actions);
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

}  // namespace attention_svm::shell
