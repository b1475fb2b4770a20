// SPDX-License-Identifier: MIT
// Draws Dear ImGui's shapes with WebGL 2. The canvas and its context belong to the lab alone, so that nothing
// need be asked of the context and nothing be given back: every question waits for the graphics process to
// finish.
#pragma once

#include <GLES3/gl3.h>

struct ImDrawData;

namespace attention_svm::web {

class Renderer {
 public:
  /// Makes shaders, buffers and the texture of the fonts in the current context, and sets what stays for
  /// good.
  void start();
  /// Without them; safe to call twice. `lost`: the context took them along.
  void stop(bool lost);
  void draw(const ImDrawData& data);

 private:
  GLuint program_ = 0, fonts_ = 0, vertexArray_ = 0;
  GLuint buffers_[2] = {0, 0};  // vertices, indices
  GLint projection_ = -1;
};

}  // namespace attention_svm::web
