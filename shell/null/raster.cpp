// SPDX-License-Identifier: MIT
#include "raster.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace attention_svm::shell {

namespace {

struct Texture {
  int width = 0, height = 0;
  const std::uint8_t* alpha = nullptr;

  /// Bilinear, clamped at the edges, as the WebGL sampler does it.
  [[nodiscard]] float sample(float u, float v) const {
    const float x = u * static_cast<float>(width) - 0.5f, y = v * static_cast<float>(height) - 0.5f;
    const float left = std::floor(x), top = std::floor(y);
    const float right = x - left, down = y - top;
    const int x0 = static_cast<int>(left), y0 = static_cast<int>(top);
    const float upper = texel(x0, y0) * (1 - right) + texel(x0 + 1, y0) * right;
    const float lower = texel(x0, y0 + 1) * (1 - right) + texel(x0 + 1, y0 + 1) * right;
    return (upper * (1 - down) + lower * down) / 255.0f;
  }
  [[nodiscard]] float texel(int x, int y) const {
    return alpha[std::clamp(y, 0, height - 1) * width + std::clamp(x, 0, width - 1)];
  }
};

struct Channels {
  float c[4];
};

Channels unpack(ImU32 colour) {
  Channels result{};
  for (int k = 0; k < 4; ++k) result.c[k] = static_cast<float>((colour >> (8 * k)) & 255u);
  return result;
}

/// Twice the signed area of a, b, p.
double edge(ImVec2 a, ImVec2 b, ImVec2 p) {
  const double x = double{b.x} - double{a.x}, y = double{b.y} - double{a.y};
  return x * (double{p.y} - double{a.y}) - y * (double{p.x} - double{a.x});
}

/// Neighbouring triangles share an edge; its pixels must belong to one of them only.
bool ownsEdge(ImVec2 a, ImVec2 b) { return (a.y == b.y && b.x > a.x) || b.y < a.y; }

struct Box {
  int left, top, right, bottom;
};

void blend(std::uint8_t* pixel, const Channels& colour, float coverage) {
  const float alpha = colour.c[3] / 255.0f * coverage;
  for (int k = 0; k < 3; ++k)
    pixel[k] = static_cast<std::uint8_t>(
        std::lround(colour.c[k] * alpha + static_cast<float>(pixel[k]) * (1 - alpha)));
  pixel[3] = static_cast<std::uint8_t>(std::lround(std::max(255.0f * alpha, static_cast<float>(pixel[3]))));
}

void drawTriangle(Picture& picture, const Texture& texture, const Box& clip, const ImDrawVert* corner[3],
                  ImVec2 origin, ImVec2 scale) {
  ImVec2 p[3];
  for (int k = 0; k < 3; ++k)
    p[k] = {(corner[k]->pos.x - origin.x) * scale.x, (corner[k]->pos.y - origin.y) * scale.y};
  double area = edge(p[0], p[1], p[2]);
  if (area == 0.0) return;
  if (area < 0.0) {  // ImGui does not keep to one orientation
    std::swap(p[1], p[2]);
    std::swap(corner[1], corner[2]);
    area = -area;
  }
  const auto low = [](float a, float b, float c) {
    return static_cast<int>(std::floor(std::min({a, b, c})));
  };
  const auto high = [](float a, float b, float c) {
    return static_cast<int>(std::ceil(std::max({a, b, c})));
  };
  const Box box{std::max(clip.left, low(p[0].x, p[1].x, p[2].x)),
                std::max(clip.top, low(p[0].y, p[1].y, p[2].y)),
                std::min(clip.right, high(p[0].x, p[1].x, p[2].x)),
                std::min(clip.bottom, high(p[0].y, p[1].y, p[2].y))};
  const Channels colours[3] = {unpack(corner[0]->col), unpack(corner[1]->col), unpack(corner[2]->col)};
  const bool owns[3] = {ownsEdge(p[1], p[2]), ownsEdge(p[2], p[0]), ownsEdge(p[0], p[1])};
  for (int y = box.top; y < box.bottom; ++y)
    for (int x = box.left; x < box.right; ++x) {
      const ImVec2 centre{static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f};
      const double w[3] = {edge(p[1], p[2], centre), edge(p[2], p[0], centre), edge(p[0], p[1], centre)};
      bool inside = true;
      for (int k = 0; k < 3; ++k) inside = inside && (w[k] > 0.0 || (w[k] == 0.0 && owns[k]));
      if (!inside) continue;
      Channels colour{};
      float u = 0, v = 0;
      for (int k = 0; k < 3; ++k) {
        const auto share = static_cast<float>(w[k] / area);
        for (int c = 0; c < 4; ++c) colour.c[c] += share * colours[k].c[c];
        u += share * corner[k]->uv.x;
        v += share * corner[k]->uv.y;
      }
      const auto at = 4 * static_cast<std::size_t>(y * picture.width + x);
      blend(&picture.rgba[at], colour, texture.sample(u, v));
    }
}

void append32(std::string& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((value >> shift) & 255u));
}

std::uint32_t crc32(const std::string& bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int k = 0; k < 8; ++k) crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

void appendChunk(std::string& file, const std::string& type, const std::string& content) {
  append32(file, static_cast<std::uint32_t>(content.size()));
  file += type + content;
  append32(file, crc32(type + content));
}

/// A zlib stream whose blocks are stored as they are.
std::string stored(const std::string& bytes) {
  std::string stream("\x78\x01", 2);
  std::uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65521u;
    b = (b + a) % 65521u;
  }
  constexpr std::size_t kBlock = 65535;
  for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
    const std::size_t size = std::min(kBlock, bytes.size() - at);
    stream.push_back(at + size == bytes.size() ? 1 : 0);
    for (const std::size_t length : {size, ~size}) {
      stream.push_back(static_cast<char>(length & 255u));
      stream.push_back(static_cast<char>((length >> 8) & 255u));
    }
    stream.append(bytes, at, size);
  }
  append32(stream, (b << 16) | a);
  return stream;
}

}  // namespace

ImU32 Picture::at(int x, int y) const {
  if (x < 0 || y < 0 || x >= width || y >= height) return 0;
  const std::uint8_t* pixel = &rgba[4 * static_cast<std::size_t>(y * width + x)];
  return IM_COL32(pixel[0], pixel[1], pixel[2], pixel[3]);
}

Picture rasterize(const ImDrawData& frame, ImU32 background) {
  const ImVec2 scale = frame.FramebufferScale;
  Picture picture;
  picture.width = static_cast<int>(frame.DisplaySize.x * scale.x);
  picture.height = static_cast<int>(frame.DisplaySize.y * scale.y);
  picture.rgba.resize(4 * static_cast<std::size_t>(picture.width * picture.height));
  for (std::size_t k = 0; k < picture.rgba.size(); ++k)
    picture.rgba[k] = static_cast<std::uint8_t>(background >> (8 * (k % 4)));
  Texture texture;
  unsigned char* alpha = nullptr;
  ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&alpha, &texture.width, &texture.height);
  texture.alpha = alpha;
  for (const ImDrawList* list : frame.CmdLists)
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.UserCallback != nullptr) continue;
      const auto pixel = [](float at, float from, float by) {
        return static_cast<int>(std::lround((at - from) * by));
      };
      const ImVec2 origin = frame.DisplayPos;
      const Box clip{std::max(pixel(command.ClipRect.x, origin.x, scale.x), 0),
                     std::max(pixel(command.ClipRect.y, origin.y, scale.y), 0),
                     std::min(pixel(command.ClipRect.z, origin.x, scale.x), picture.width),
                     std::min(pixel(command.ClipRect.w, origin.y, scale.y), picture.height)};
      const ImDrawVert* vertices = list->VtxBuffer.Data + command.VtxOffset;
      const ImDrawIdx* indices = list->IdxBuffer.Data + command.IdxOffset;
      for (unsigned k = 0; k + 2 < command.ElemCount; k += 3) {
        const ImDrawVert* corner[3] = {vertices + indices[k], vertices + indices[k + 1],
                                       vertices + indices[k + 2]};
        drawTriangle(picture, texture, clip, corner, origin, scale);
      }
    }
  return picture;
}

std::size_t differingPixels(const Picture& a, const Picture& b, int tolerance) {
  if (a.width != b.width || a.height != b.height) return std::max(a.rgba.size(), b.rgba.size()) / 4;
  std::size_t count = 0;
  for (std::size_t k = 0; k + 3 < a.rgba.size(); k += 4) {
    bool differs = false;
    for (std::size_t c = 0; c < 4; ++c)
      differs = differs || std::abs(a.rgba[k + c] - b.rgba[k + c]) > tolerance;
    count += differs ? 1 : 0;
  }
  return count;
}

std::string toPng(const Picture& picture) {
  std::string rows;
  const auto stride = 4 * static_cast<std::size_t>(picture.width);
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    rows.push_back('\0');  // no filter
    rows.append(reinterpret_cast<const char*>(picture.rgba.data()) + y * stride, stride);
  }
  std::string header;
  append32(header, static_cast<std::uint32_t>(picture.width));
  append32(header, static_cast<std::uint32_t>(picture.height));
  header += std::string("\x08\x06\x00\x00\x00", 5);  // 8 bits, RGBA
  std::string file("\x89PNG\r\n\x1a\n", 8);
  appendChunk(file, "IHDR", header);
  appendChunk(file, "IDAT", stored(rows));
  appendChunk(file, "IEND", "");
  return file;
}

}  // namespace attention_svm::shell
