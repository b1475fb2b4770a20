// SPDX-License-Identifier: MIT
#include "canvas.h"

#include <emscripten.h>

#include <cmath>
#include <cstring>

#include "keys.h"
#include "lab.h"

namespace attention_svm::web {

namespace {

constexpr double kLongPress = 0.5;    // seconds
constexpr float kTouchSlack = 10.0f;  // pixels a finger may tremble

EM_JS(void, registerCanvas, (const char* name),
      { specialHTMLTargets[UTF8ToString(name)] = Module['canvas']; });
EM_JS(void, setCanvasCursor, (const char* name), { Module['canvas'].style.cursor = UTF8ToString(name); });

}  // namespace

Canvas::Canvas(const char* target) : target_(target) {
  registerCanvas(target);  // html5.h finds elements by selector; inside a shadow root only this works
  EmscriptenWebGLContextAttributes attributes;
  emscripten_webgl_init_context_attributes(&attributes);
  attributes.majorVersion = 2;
  attributes.alpha = false;
  attributes.depth = false;
  attributes.stencil = false;
  attributes.antialias = false;  // ImGui antialiases its shapes itself
  context_ = emscripten_webgl_create_context(target, &attributes);
  if (context_ <= 0) return;
  emscripten_webgl_make_context_current(context_);

  imgui_ = ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.BackendPlatformName = "attention_svm_canvas";
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;

  const char* t = target_.c_str();
  emscripten_set_mousemove_callback(t, this, EM_FALSE, &onMouse);
  emscripten_set_mousedown_callback(t, this, EM_FALSE, &onMouse);
  emscripten_set_mouseleave_callback(t, this, EM_FALSE, &onMouse);
  emscripten_set_mouseenter_callback(t, this, EM_FALSE, &onMouse);
  // Up events also from outside, so that a drag that ends there ends
  emscripten_set_mouseup_callback(EMSCRIPTEN_EVENT_TARGET_WINDOW, this, EM_FALSE, &onMouse);
  emscripten_set_wheel_callback(t, this, EM_FALSE, &onWheel);
  emscripten_set_keydown_callback(t, this, EM_FALSE, &onKey);
  emscripten_set_keyup_callback(t, this, EM_FALSE, &onKey);
  emscripten_set_touchstart_callback(t, this, EM_FALSE, &onTouch);
  emscripten_set_touchmove_callback(t, this, EM_FALSE, &onTouch);
  emscripten_set_touchend_callback(t, this, EM_FALSE, &onTouch);
  emscripten_set_touchcancel_callback(t, this, EM_FALSE, &onTouch);
  emscripten_set_focus_callback(t, this, EM_FALSE, &onFocus);
  emscripten_set_blur_callback(t, this, EM_FALSE, &onFocus);
}

Canvas::~Canvas() {
  if (context_ <= 0) return;
  emscripten_html5_remove_all_event_listeners();  // of this module instance, which is this canvas
  renderer_.stop(lost_);
  ImGui::DestroyContext(imgui_);
  emscripten_webgl_destroy_context(context_);
}

void Canvas::resize(float width, float height, float pixelRatio) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {width, height};
  io.DisplayFramebufferScale = {pixelRatio, pixelRatio};
  emscripten_set_canvas_element_size(target_.c_str(), static_cast<int>(std::lround(width * pixelRatio)),
                                     static_cast<int>(std::lround(height * pixelRatio)));
  if (pixelRatio != pixelRatio_) {
    renderer_.stop(lost_);
    pixelRatio_ = pixelRatio;
    shell::buildFonts(pixelRatio);
    if (!lost_) renderer_.start();
  }
  wake();
}

void Canvas::contextLost() {
  lost_ = true;
  renderer_.stop(lost_);
}

void Canvas::contextRestored() {
  lost_ = false;
  if (pixelRatio_ > 0) renderer_.start();
  wake();
}

void Canvas::beginFrame(double seconds) {
  emscripten_webgl_make_context_current(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.DeltaTime =
      lastFrame_ > 0 ? static_cast<float>(std::fmin(std::fmax(seconds - lastFrame_, 1e-4), 0.1)) : 1.0f / 60;
  lastFrame_ = seconds;
  if (settling_ > 0) --settling_;
  if (finger_ >= 0 && !touchLong_ && !touchPressed_ && !touchScrolls_ && seconds - touchStart_ > kLongPress) {
    touchLong_ = true;
    io.AddMouseButtonEvent(ImGuiMouseButton_Right, true);
  }
  if (finger_ >= 0) wake();
  ImGui::NewFrame();
  for (const MouseEvent& event : nextFrame_) tell(event);
  if (!nextFrame_.empty()) wake();
  nextFrame_.clear();
}

void Canvas::endFrame() {
  ImGui::Render();
  renderer_.draw(*ImGui::GetDrawData());
  setCursor();
}

void Canvas::setCursor() {
  const int cursor = ImGui::GetMouseCursor();
  if (cursor == cursor_) return;
  cursor_ = cursor;
  static constexpr const char* kNames[] = {"default",     "text",        "move",    "ns-resize",  "ew-resize",
                                           "nesw-resize", "nwse-resize", "pointer", "not-allowed"};
  setCanvasCursor(cursor < 0 ? "none" : kNames[cursor]);
}

/// What lies under the cursor is known one frame after it came there; a press in the same frame would go
/// nowhere. So it waits, and whatever comes after it.
void Canvas::take(const MouseEvent& event) {
  ImGuiIO& io = ImGui::GetIO();
  const bool arrives = event.down && (event.at.x != io.MousePos.x || event.at.y != io.MousePos.y);
  if (nextFrame_.empty() && !arrives) return tell(event);
  if (nextFrame_.empty()) io.AddMousePosEvent(event.at.x, event.at.y);
  nextFrame_.push_back(event);
}

void Canvas::tell(const MouseEvent& event) {
  ImGuiIO& io = ImGui::GetIO();
  if (event.button < 0 || event.down) io.AddMousePosEvent(event.at.x, event.at.y);  // up: told by the window
  if (event.button >= 0) io.AddMouseButtonEvent(event.button, event.down);
}

EM_BOOL Canvas::onMouse(int type, const EmscriptenMouseEvent* event, void* self) {
  return static_cast<Canvas*>(self)->mouse(type, *event) ? EM_TRUE : EM_FALSE;
}

bool Canvas::mouse(int type, const EmscriptenMouseEvent& event) {
  ImGuiIO& io = ImGui::GetIO();
  static constexpr int kButtons[] = {ImGuiMouseButton_Left, ImGuiMouseButton_Middle, ImGuiMouseButton_Right};
  wake();
  io.AddMouseSourceEvent(ImGuiMouseSource_Mouse);
  if (type == EMSCRIPTEN_EVENT_MOUSELEAVE) {
    if (!ImGui::IsAnyMouseDown()) io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
    return false;
  }
  const bool down = type == EMSCRIPTEN_EVENT_MOUSEDOWN, button = down || type == EMSCRIPTEN_EVENT_MOUSEUP;
  if (button && event.button >= 3) return false;
  take({{static_cast<float>(event.targetX), static_cast<float>(event.targetY)},
        button ? kButtons[event.button] : -1,
        down});
  return false;  // not prevented: the press also gives the canvas the focus
}

EM_BOOL Canvas::onWheel(int, const EmscriptenWheelEvent* event, void* self) {
  Canvas& canvas = *static_cast<Canvas*>(self);
  // The wheel scrolls the surrounding page unless the reader has clicked into the canvas.
  if (!canvas.focused_) return EM_FALSE;
  const double unit = event->deltaMode == DOM_DELTA_LINE   ? 3.0
                      : event->deltaMode == DOM_DELTA_PAGE ? 30.0
                                                           : 0.01;
  ImGui::GetIO().AddMouseWheelEvent(static_cast<float>(-event->deltaX * unit),
                                    static_cast<float>(-event->deltaY * unit));
  canvas.wake();
  return EM_TRUE;
}

EM_BOOL Canvas::onKey(int type, const EmscriptenKeyboardEvent* event, void* self) {
  Canvas& canvas = *static_cast<Canvas*>(self);
  ImGuiIO& io = ImGui::GetIO();
  const bool down = type == EMSCRIPTEN_EVENT_KEYDOWN;
  canvas.wake();
  io.AddKeyEvent(ImGuiMod_Ctrl, event->ctrlKey);
  io.AddKeyEvent(ImGuiMod_Shift, event->shiftKey);
  io.AddKeyEvent(ImGuiMod_Alt, event->altKey);
  io.AddKeyEvent(ImGuiMod_Super, event->metaKey);
  const ImGuiKey key = keyFromCode(event->code);
  if (key != ImGuiKey_None) io.AddKeyEvent(key, down);
  const bool command = event->ctrlKey || event->metaKey;
  const bool character = std::strlen(event->key) == 1 || (event->key[0] & 0x80) != 0;
  if (down && character && !command) io.AddInputCharactersUTF8(event->key);
  if (std::strcmp(event->code, "Tab") == 0) return EM_FALSE;  // the focus moves on: never a trap
  if (command && key != ImGuiKey_Z && key != ImGuiKey_Y && key != ImGuiKey_A && key != ImGuiKey_C &&
      key != ImGuiKey_X && key != ImGuiKey_K)
    return EM_FALSE;  // the browser's own shortcuts, and paste, which arrives as text
  // Keys that would scroll the page, or open Firefox's search, while the canvas has the focus
  const bool ours = key == ImGuiKey_Space || key == ImGuiKey_Slash ||
                    (key >= ImGuiKey_LeftArrow && key <= ImGuiKey_End) || command;
  return ours ? EM_TRUE : EM_FALSE;
}

EM_BOOL Canvas::onTouch(int type, const EmscriptenTouchEvent* event, void* self) {
  return static_cast<Canvas*>(self)->touch(type, *event) ? EM_TRUE : EM_FALSE;
}

void Canvas::endTouch() {
  ImGuiIO& io = ImGui::GetIO();
  if (touchLong_) {
    io.AddMouseButtonEvent(ImGuiMouseButton_Right, false);
  } else if (touchScrolls_) {
    // nothing was pressed
  } else if (!touchPressed_ && finger_ >= 0) {  // a tap
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  } else {
    io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  }
  if (pinch_ > 0) io.AddKeyEvent(ImGuiMod_Ctrl, false);
  finger_ = -1;
  touchPressed_ = touchLong_ = touchScrolls_ = false;
  pinch_ = 0.0f;
}

bool Canvas::touch(int type, const EmscriptenTouchEvent& event) {
  ImGuiIO& io = ImGui::GetIO();
  wake();
  io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  if (type == EMSCRIPTEN_EVENT_TOUCHEND || type == EMSCRIPTEN_EVENT_TOUCHCANCEL) {
    endTouch();
    return type == EMSCRIPTEN_EVENT_TOUCHEND;  // prevented: no emulated mouse events after it
  }
  if (event.numTouches >= 2) {
    const EmscriptenTouchPoint &a = event.touches[0], &b = event.touches[1];
    const float distance =
        std::hypot(static_cast<float>(a.targetX - b.targetX), static_cast<float>(a.targetY - b.targetY));
    io.AddKeyEvent(ImGuiMod_Ctrl, true);  // tells a pinch from scrolling
    if (pinch_ > 0 && distance > 0) io.AddMouseWheelEvent(0, std::log(distance / pinch_) * 6.0f);
    pinch_ = distance;
    touchPressed_ = true;
    return true;
  }
  const EmscriptenTouchPoint& point = event.touches[0];
  const ImVec2 before = touchAt_;
  touchAt_ = {static_cast<float>(point.targetX), static_cast<float>(point.targetY)};
  const bool undecided =
      type != EMSCRIPTEN_EVENT_TOUCHSTART && !touchPressed_ && !touchLong_ && !touchScrolls_;
  // Until it is clear what the finger wants, it points at where it touched.
  if (!undecided) io.AddMousePosEvent(touchAt_.x, touchAt_.y);
  if (type == EMSCRIPTEN_EVENT_TOUCHSTART) {
    finger_ = point.identifier;
    touchFrom_ = touchAt_;
    touchStart_ = emscripten_get_now() / 1000.0;
    touchPressed_ = touchLong_ = false;
    return false;  // not prevented: the page can still scroll with the finger
  }
  const float moved = std::hypot(touchAt_.x - touchFrom_.x, touchAt_.y - touchFrom_.y);
  if (!touchPressed_ && !touchLong_ && !touchScrolls_ && moved > kTouchSlack) {
    // Up and down scrolls, unless the finger lies on something that can be dragged.
    const bool handle = ImGui::GetMouseCursor() == ImGuiMouseCursor_Hand;
    touchScrolls_ = !handle && std::abs(touchAt_.y - touchFrom_.y) > std::abs(touchAt_.x - touchFrom_.x);
    touchPressed_ = !touchScrolls_;
    if (touchPressed_) {
      // What the finger took hold of lies where it touched, not where it is by now.
      io.AddMousePosEvent(touchFrom_.x, touchFrom_.y);
      io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
      io.AddMousePosEvent(touchAt_.x, touchAt_.y);
    }
  }
  // Dear ImGui scrolls five lines for a wheel step of 1.
  if (touchScrolls_) io.AddMouseWheelEvent(0, (touchAt_.y - before.y) / (5.0f * ImGui::GetFontSize()));
  return false;
}

EM_BOOL Canvas::onFocus(int type, const EmscriptenFocusEvent*, void* self) {
  Canvas& canvas = *static_cast<Canvas*>(self);
  canvas.focused_ = type == EMSCRIPTEN_EVENT_FOCUS;
  ImGui::GetIO().AddFocusEvent(canvas.focused_);
  canvas.wake();
  return EM_FALSE;
}

}  // namespace attention_svm::web
