// SPDX-License-Identifier: MIT
#include <imgui.h>

#include "lab.h"

namespace attention_svm::shell {

// Written at build time by script/make-fonts.
extern const unsigned char kInterRegular[];
extern const unsigned int kInterRegularSize;
extern const unsigned char kInterSemiBold[];
extern const unsigned int kInterSemiBoldSize;
extern const unsigned char kMathSymbols[];
extern const unsigned int kMathSymbolsSize;

namespace {

// What the subsets hold; ImGui rasterizes only glyphs that exist.
constexpr ImWchar kLatin[] = {0x20, 0xff, 0x2010, 0x2026, 0};
constexpr ImWchar kMath[] = {0xb2,   0xb9,   0x2010, 0x203a, 0x391,  0x3c9,  0x2070, 0x209c,
                             0x1d40, 0x1d6a, 0x2100, 0x214f, 0x2190, 0x22ff, 0x2300, 0x2423,
                             0x25a0, 0x2606, 0x2700, 0x27ff, 0x2c7c, 0x2c7c, 0};

void addFont(const unsigned char* data, unsigned int size, float pixels, bool merge, const ImWchar* ranges) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.MergeMode = merge;
  config.OversampleH = 1;
  config.OversampleV = 1;
  config.PixelSnapH = true;
  ImGui::GetIO().Fonts->AddFontFromMemoryTTF(const_cast<unsigned char*>(data), static_cast<int>(size), pixels,
                                             &config, ranges);
}

void addWithSymbols(const unsigned char* data, unsigned int size, float pixels) {
  addFont(data, size, pixels, false, kLatin);
  addFont(kMathSymbols, kMathSymbolsSize, pixels, true, kMath);
}

}  // namespace

// Glyphs are rasterized at the device's resolution and drawn scaled back: sharp at any pixel ratio.
void buildFonts(float pixelRatio) {
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  io.Fonts->Flags |= ImFontAtlasFlags_NoMouseCursors;
  addWithSymbols(kInterRegular, kInterRegularSize, 15.0f * pixelRatio);
  addWithSymbols(kInterSemiBold, kInterSemiBoldSize, 16.0f * pixelRatio);
  addWithSymbols(kInterRegular, kInterRegularSize, 12.5f * pixelRatio);
  io.FontGlobalScale = 1.0f / pixelRatio;
  io.Fonts->Build();
}

}  // namespace attention_svm::shell
