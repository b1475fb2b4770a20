// SPDX-License-Identifier: MIT
// Stand-ins for functions of C's library that the linker puts in their place (web/CMakeLists.txt): the full
// ones carry arithmetic on numbers of 128 bits, 20 kB of it, and a first visit pays for every kilobyte.
#include <cstdarg>
#include <cstddef>

extern "C" {

/// Emscripten's own: the same, but for `long double`, which nothing here writes.
int __small_vsnprintf(char* text, std::size_t size, const char* format, std::va_list arguments);

int __wrap_vsnprintf(char* text, std::size_t size, const char* format, std::va_list arguments) {
  return __small_vsnprintf(text, size, format, arguments);
}

/// Only Dear ImGui reads numbers so: places of windows from a file that the lab does not keep, and fields of
/// the kinds InputInt and SliderFloat, for which panels/widgets.h has its own.
int __wrap_sscanf(const char*, const char*, ...) { return 0; }

}  // extern "C"
