#include "../style.h"
#include "views.h"

namespace attention_svm::shell {

const char* plotTitle(PlotKind kind) {
  switch (kind) {
    case PlotKind::Geometry: return "Tokens and directions";
    case PlotKind::Convergence: return "Distance to the SVM direction";
    case PlotKind::LossAndNorm: return "Loss and norm";
    case PlotKind::Attention: return "Attention map";
    case PlotKind::SingularValues: return "Singular values of W";
    case PlotKind::Margins: return "Margins";
    case PlotKind::Scores: return "Token scores γ";
    case PlotKind::Images: return "Images";
    case PlotKind::Path: return "Regularization path";
  }
  return "";
}

void drawEmpty(const char* text, ImVec2 size) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = std::min(size.x - 24, 420.0f);
  const ImVec2 extent = ImGui::CalcTextSize(text, nullptr, false, width);
  ImGui::SetCursorScreenPos({at.x + 0.5f * (size.x - extent.x), at.y + 0.5f * (size.y - extent.y)});
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextDisabled("%s", text);
  ImGui::PopTextWrapPos();
  ImGui::SetCursorScreenPos({at.x, at.y + size.y});
  ImGui::Dummy({0, 0});
}

plot::Marker sequenceMarker(Index sequence) {
  constexpr plot::Marker kMarkers[] = {plot::Marker::Circle, plot::Marker::Square, plot::Marker::Diamond,
                                       plot::Marker::Triangle, plot::Marker::TriangleDown};
  return kMarkers[sequence % 5];
}

}  // namespace attention_svm::shell
