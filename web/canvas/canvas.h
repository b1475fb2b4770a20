// SPDX-License-Identifier: MIT
// Platform backend of Dear ImGui for one <canvas>, on emscripten/html5.h and WebGL 2: sharp at any pixel
// ratio, mouse, wheel, touch, keyboard. Nothing global: the canvas is registered under a name of its own.
#pragma once

#include <emscripten/html5.h>
#include <imgui.h>

#include <string>
#include <vector>

#include "renderer.h"

namespace attention_svm::web {

class Canvas {
 public:
  /// Takes Module.canvas, and knows it under the name `target`, which begins with '!'.
  explicit Canvas(const char* target);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  [[nodiscard]] bool ready() const { return context_ > 0; }
  /// Size in CSS pixels and device pixels per CSS pixel. Rebuilds fonts when the ratio changed.
  void resize(float width, float height, float pixelRatio);
  void beginFrame(double seconds);
  void endFrame();  ///< renders ImGui's draw data

  /// Counts down to 0 while ImGui still reacts to the last input.
  [[nodiscard]] bool settling() const { return settling_ > 0; }
  void wake() { settling_ = 30; }  // a tooltip waits 0.15 s for the cursor to rest

  void contextLost();
  void contextRestored();

 private:
  struct MouseEvent {
    ImVec2 at;
    int button;  // -1: only moved
    bool down;
  };
  static EM_BOOL onMouse(int type, const EmscriptenMouseEvent* event, void* self);
  static EM_BOOL onWheel(int type, const EmscriptenWheelEvent* event, void* self);
  static EM_BOOL onKey(int type, const EmscriptenKeyboardEvent* event, void* self);
  static EM_BOOL onTouch(int type, const EmscriptenTouchEvent* event, void* self);
  static EM_BOOL onFocus(int type, const EmscriptenFocusEvent* event, void* self);
  bool mouse(int type, const EmscriptenMouseEvent& event);
  void take(const MouseEvent& event);
  static void tell(const MouseEvent& event);
  bool touch(int type, const EmscriptenTouchEvent& event);
  void endTouch();
  void setCursor();

  std::string target_;
  EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context_ = 0;
  ImGuiContext* imgui_ = nullptr;
  Renderer renderer_;
  float pixelRatio_ = 0.0f;
  double lastFrame_ = 0.0;
  int settling_ = 30;
  bool focused_ = false;
  bool lost_ = false;  // the graphics context, until the browser gives it back
  int cursor_ = -1;
  std::vector<MouseEvent> nextFrame_;  // what the mouse did since, and including, a press that waits
  // Touch: one finger is the mouse, a long press the right button, two fingers zoom.
  long finger_ = -1;
  double touchStart_ = 0.0;
  ImVec2 touchAt_, touchFrom_;
  bool touchPressed_ = false, touchLong_ = false, touchScrolls_ = false;
  float pinch_ = 0.0f;
};

}  // namespace attention_svm::web
