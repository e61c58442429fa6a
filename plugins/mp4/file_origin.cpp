// SPDX-License-Identifier: MIT
#include "mp4/file_origin.h"

#include <algorithm>
#include <cctype>

namespace ronin_plugin {
namespace {

constexpr Uuid kOriginBox = {0x6d, 0x4f, 0x0f, 0x4e, 0x0e, 0x0c, 0x4c, 0x5e,
                             0x9f, 0x3e, 0x52, 0xc1, 0xf9, 0xa8, 0x7b, 0x10};
constexpr uint32_t kUtcKnown = 1;
constexpr uint32_t kSubStream = 2;

bool IsDash(size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

}  // namespace

std::optional<Uuid> ParseUuid(std::string_view text) {
  Uuid out = {};
  size_t digits = 0;
  if (text.size() != 36) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (IsDash(i)) {
      if (c != '-') return std::nullopt;
      continue;
    }
    if (std::isxdigit(c) == 0) return std::nullopt;
    const int value = std::isdigit(c) != 0 ? c - '0' : std::tolower(c) - 'a' + 10;
    out[digits / 2] = uint8_t(out[digits / 2] << 4 | value);
    ++digits;
  }
  return out;
}

std::string UuidText(const Uuid& uuid) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : uuid) {
    if (IsDash(out.size())) out += '-';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

Bytes FileOrigin::Write() const {
  Bytes out;
  {
    BoxWriter w(out);
    const BoxWriter::Box uuid(w, "uuid");
    w.Raw(kOriginBox.data(), kOriginBox.size());
    w.Version(0, (utc_us ? kUtcKnown : 0) | (sub_stream ? kSubStream : 0));
    w.Raw(camera.data(), camera.size());
    w.U64(connection);
    w.U64(uint64_t(utc_us.value_or(0)));
  }
  return out;
}

std::optional<FileOrigin> FileOrigin::Read(BoxReader moov) {
  while (const auto box = moov.Next()) {
    if (box->type != FourCc("uuid")) continue;
    BoxReader in = moov.Inside(*box);
    Uuid kind = {};
    in.Raw(kind.data(), kind.size());
    if (kind != kOriginBox) continue;
    const uint32_t flags = in.U32();
    FileOrigin out;
    in.Raw(out.camera.data(), out.camera.size());
    out.connection = in.U64();
    const uint64_t utc_us = in.U64();
    if (!in.ok() || flags >> 24 != 0) return std::nullopt;
    out.sub_stream = (flags & kSubStream) != 0;
    if ((flags & kUtcKnown) != 0) out.utc_us = int64_t(utc_us);
    return out;
  }
  return std::nullopt;
}

}  // namespace ronin_plugin
