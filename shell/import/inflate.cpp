// SPDX-License-Identifier: MIT
// Deflate, unpacked by stb_image, which carries a decoder for PNG.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_SIMD
#define STBI_NO_THREAD_LOCALS  // its last error, which nobody asks for
#include <stb_image.h>

#include <climits>

#include "zip.h"

namespace attention_svm::shell {

bool inflate(const unsigned char* data, std::size_t length, std::size_t size, std::string& result) {
  if (length > INT_MAX - 8 || size > INT_MAX) return false;
  result.assign(size, '\0');
  // It looks ahead for the checksum that a PNG has behind its data.
  std::string padded(reinterpret_cast<const char*>(data), length);
  padded.append(8, '\0');
  const int unpacked = stbi_zlib_decode_noheader_buffer(result.data(), static_cast<int>(size), padded.data(),
                                                        static_cast<int>(padded.size()));
  return unpacked >= 0 && static_cast<std::size_t>(unpacked) == size;
}

}  // namespace attention_svm::shell
