// SPDX-License-Identifier: MIT
// Draws a frame of Dear ImGui in software, so that tests and developers can look at the lab without a
// browser: textured triangles with vertex colours, blended in order, as WebGL does it.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <string>
#include <vector>

namespace attention_svm::shell {

struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgba;  ///< row by row from the top, 4 bytes a pixel

  /// The pixel as ImGui packs colours. Outside the picture: transparent black.
  [[nodiscard]] ImU32 at(int x, int y) const;
};

/// The frame of the last ImGui::Render() at io.DisplayFramebufferScale device pixels per unit, with the
/// font atlas of the present context as its only texture.
Picture rasterize(const ImDrawData& frame, ImU32 background);

/// How many pixels of the two are further apart than `tolerance` in some channel; all of them when the
/// sizes differ.
std::size_t differingPixels(const Picture& a, const Picture& b, int tolerance = 0);

/// A PNG file (not compressed: it needs no library).
std::string toPng(const Picture& picture);

}  // namespace attention_svm::shell
