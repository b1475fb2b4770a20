// SPDX-License-Identifier: MIT
// lab_window [--address-file FILE] [--frames N PICTURE.png] [ADDRESS]: the lab in a native window, for people
// who work on it. With --frames it draws so many frames, writes the last one and ends.
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "window_host.h"

namespace {

using attention_svm::desktop::WindowHost;
using attention_svm::shell::Lab;

constexpr double kTrainingBudget = 0.006;  // seconds of a frame, as on the page

struct Arguments {
  std::string address, addressFile, picture;
  int frames = -1;
};

std::string readFile(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Arguments parse(int count, char** words) {
  Arguments result;
  for (int k = 1; k < count; ++k) {
    const std::string word = words[k];
    if (word == "--address-file" && k + 1 < count) {
      result.addressFile = words[++k];
      result.address = readFile(result.addressFile);
    } else if (word == "--frames" && k + 2 < count) {
      result.frames = std::atoi(words[++k]);
      result.picture = words[++k];
    } else {
      result.address = word;
    }
  }
  return result;
}

void dropped(GLFWwindow* window, int count, const char** paths) {
  for (int k = 0; k < count; ++k) {
    const auto opened =
        static_cast<Lab*>(glfwGetWindowUserPointer(window))->openFile(paths[k], readFile(paths[k]));
    if (!opened) std::fprintf(stderr, "%s\n", opened.error().c_str());
  }
}

void draw(GLFWwindow* window, Lab& lab) {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  lab.frame(kTrainingBudget);
  ImGui::Render();
  int width = 0, height = 0;
  glfwGetFramebufferSize(window, &width, &height);
  glViewport(0, 0, width, height);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glfwSwapBuffers(window);
}

void run(GLFWwindow* window, const Arguments& arguments) {
  WindowHost host(window, arguments.addressFile);
  Lab lab(host, arguments.address);
  glfwSetWindowUserPointer(window, &lab);
  glfwSetDropCallback(window, &dropped);
  int settling = 3;  // frames after an input, until hovering and layout have come to rest
  for (int frame = 0; glfwWindowShouldClose(window) == 0 && frame != arguments.frames; ++frame) {
    if (lab.wantsFrame() || host.working() || settling > 0 || arguments.frames > 0) {
      glfwPollEvents();
      --settling;
    } else {
      glfwWaitEvents();
      settling = 3;
    }
    draw(window, lab);
    host.afterFrame(lab);
  }
  if (arguments.picture.empty()) return;
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  host.savePicture(arguments.picture, {0, 0, size.x, size.y});
  host.afterFrame(lab);
}

}  // namespace

int main(int count, char** words) {
  const Arguments arguments = parse(count, words);
  glfwSetErrorCallback([](int, const char* text) { std::fprintf(stderr, "%s\n", text); });
  if (glfwInit() == 0) return 1;
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  GLFWwindow* window = glfwCreateWindow(1440, 900, "Attention SVM Lab", nullptr, nullptr);
  if (window == nullptr) return 1;
  glfwMakeContextCurrent(window);
  glfwSwapInterval(arguments.frames > 0 ? 0 : 1);

  ImGuiContext* context = ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  int pixels = 0, units = 0;
  glfwGetFramebufferSize(window, &pixels, nullptr);
  glfwGetWindowSize(window, &units, nullptr);
  attention_svm::shell::buildFonts(static_cast<float>(pixels) / static_cast<float>(units));
  ImGui_ImplGlfw_InitForOpenGL(window, true);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  run(window, arguments);
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext(context);
  glfwTerminate();
  return 0;
}
