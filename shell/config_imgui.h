// SPDX-License-Identifier: MIT
// Compile-time configuration of Dear ImGui (IMGUI_USER_CONFIG).
#pragma once

#define IMGUI_DISABLE_DEMO_WINDOWS  // a quarter of the code, and nobody sees it
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS

// Margins of some thousand tokens have more vertices than 16 bits can name, and WebGL has no vertex offset.
#define ImDrawIdx unsigned int

#ifndef __EMSCRIPTEN__
#define IMGUI_ENABLE_TEST_ENGINE  // hooks by which shell/null finds the widgets that tests press
#endif
