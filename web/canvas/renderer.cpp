// SPDX-License-Identifier: MIT
#include "renderer.h"

#include <imgui.h>

#include <cstddef>

namespace attention_svm::web {

namespace {

// Positions come in CSS pixels; `projection` is scale and offset to the clip space. The fonts' texture has
// one channel.
constexpr const char* kVertexShader = R"(#version 300 es
precision highp float;
layout(location = 0) in vec2 position;
layout(location = 1) in vec2 uv;
layout(location = 2) in vec4 color;
uniform vec4 projection;
out vec2 at;
out vec4 ink;
void main() {
  at = uv;
  ink = color;
  gl_Position = vec4(position * projection.xy + projection.zw, 0.0, 1.0);
})";

constexpr const char* kFragmentShader = R"(#version 300 es
precision mediump float;
uniform sampler2D fonts;
in highp vec2 at;
in vec4 ink;
out vec4 color;
void main() { color = vec4(ink.rgb, ink.a * texture(fonts, at).r); })";

GLuint compiled(GLenum kind, const char* source) {
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  return shader;
}

GLuint linkedProgram() {
  const GLuint program = glCreateProgram();
  const GLuint shaders[] = {compiled(GL_VERTEX_SHADER, kVertexShader),
                            compiled(GL_FRAGMENT_SHADER, kFragmentShader)};
  for (const GLuint shader : shaders) glAttachShader(program, shader);
  glLinkProgram(program);
  for (const GLuint shader : shaders) glDeleteShader(shader);
  return program;
}

GLuint fontTexture() {
  unsigned char* alpha = nullptr;
  int width = 0, height = 0;
  ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&alpha, &width, &height);
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, width, height, 0, GL_RED, GL_UNSIGNED_BYTE, alpha);
  return texture;
}

void describeVertices() {
  const auto attribute = [](GLuint index, GLint count, GLenum type, GLboolean normalized,
                            std::size_t offset) {
    glEnableVertexAttribArray(index);
    glVertexAttribPointer(index, count, type, normalized, sizeof(ImDrawVert),
                          reinterpret_cast<const void*>(offset));
  };
  attribute(0, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, pos));
  attribute(1, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, uv));
  attribute(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(ImDrawVert, col));
}

}  // namespace

void Renderer::start() {
  program_ = linkedProgram();
  glUseProgram(program_);
  projection_ = glGetUniformLocation(program_, "projection");
  fonts_ = fontTexture();  // the only texture, in the unit that samplers have from the start

  glGenVertexArrays(1, &vertexArray_);
  glBindVertexArray(vertexArray_);
  glGenBuffers(2, buffers_);
  glBindBuffer(GL_ARRAY_BUFFER, buffers_[0]);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, buffers_[1]);
  describeVertices();

  glEnable(GL_SCISSOR_TEST);
  glEnable(GL_BLEND);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
}

void Renderer::stop(bool lost) {
  if (program_ != 0 && !lost) {
    glDeleteProgram(program_);
    glDeleteTextures(1, &fonts_);
    glDeleteBuffers(2, buffers_);
    glDeleteVertexArrays(1, &vertexArray_);
  }
  program_ = 0;
}

void Renderer::draw(const ImDrawData& data) {
  const ImVec2 scale = data.FramebufferScale, size = data.DisplaySize;
  const int width = static_cast<int>(size.x * scale.x), height = static_cast<int>(size.y * scale.y);
  if (program_ == 0 || width <= 0 || height <= 0) return;
  glViewport(0, 0, width, height);
  glUniform4f(projection_, 2 / size.x, -2 / size.y, -1, 1);
  for (const ImDrawList* list : data.CmdLists) {
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(list->VtxBuffer.size_in_bytes()),
                 list->VtxBuffer.Data, GL_STREAM_DRAW);
    glBufferData(GL_ELEMENT_ARRAY_BUFFER, static_cast<GLsizeiptr>(list->IdxBuffer.size_in_bytes()),
                 list->IdxBuffer.Data, GL_STREAM_DRAW);
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const int left = static_cast<int>(command.ClipRect.x * scale.x),
                right = static_cast<int>(command.ClipRect.z * scale.x);
      const int top = static_cast<int>(command.ClipRect.y * scale.y),
                bottom = static_cast<int>(command.ClipRect.w * scale.y);
      if (right <= left || bottom <= top) continue;
      glScissor(left, height - bottom, right - left, bottom - top);
      glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.ElemCount), GL_UNSIGNED_INT,
                     reinterpret_cast<const void*>(command.IdxOffset * sizeof(ImDrawIdx)));
    }
  }
}

}  // namespace attention_svm::web
