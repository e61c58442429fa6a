// SPDX-License-Identifier: MIT
#include "storage/box.h"

namespace ronin {

std::string_view ByteReader::Take(size_t bytes) {
  if (!ok_ || bytes > bytes_.size()) {
    ok_ = false;
    bytes_ = {};
    return {};
  }
  const std::string_view out = bytes_.substr(0, bytes);
  bytes_.remove_prefix(bytes);
  return out;
}

uint64_t ByteReader::Number(size_t bytes) {
  uint64_t out = 0;
  for (const char byte : Take(bytes)) out = out << 8 | static_cast<unsigned char>(byte);
  return out;
}

std::optional<Box> NextBox(std::string_view& rest) {
  ByteReader reader(rest);
  uint64_t size = reader.U32();
  const uint32_t type = reader.U32();
  size_t header = 8;
  if (size == 1) {
    size = reader.U64();
    header = 16;
  }
  if (!reader.ok() || size < header || size > rest.size()) return std::nullopt;
  const Box out{type, rest.substr(header, size_t(size) - header)};
  rest.remove_prefix(size_t(size));
  return out;
}

std::optional<Box> FindBox(std::string_view body, uint32_t type) {
  while (const auto box = NextBox(body)) {
    if (box->type == type) return box;
  }
  return std::nullopt;
}

}  // namespace ronin
