// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <gio/gio.h>

namespace ronin::testing {

struct PictureSize {
  int width = 0;
  int height = 0;
  bool operator==(const PictureSize&) const = default;
};

/// What the header of a JPEG says (its SOF marker); zeros when it is none.
inline PictureSize JpegSizeOf(GBytes* jpeg) {
  gsize size = 0;
  const auto* data = static_cast<const uint8_t*>(g_bytes_get_data(jpeg, &size));
  if (size < 4 || data[0] != 0xff || data[1] != 0xd8) return {};
  for (gsize at = 2; at + 9 <= size;) {
    if (data[at] != 0xff) return {};
    const int marker = data[at + 1];
    if (marker >= 0xc0 && marker <= 0xc2) {
      return {data[at + 7] * 256 + data[at + 8], data[at + 5] * 256 + data[at + 6]};
    }
    at += 2u + data[at + 2] * 256u + data[at + 3];
  }
  return {};
}

}  // namespace ronin::testing
