// SPDX-License-Identifier: MIT
#include "catalog/cursor.h"

#include <charconv>

#include "base/text.h"

namespace ronin {
namespace {

std::string Hex(int64_t value) {
  char out[16];
  const auto end = std::to_chars(out, out + sizeof out, value, 16).ptr;
  return {out, end};
}

bool ReadHex(std::string_view text, int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return error == std::errc() && end == text.data() + text.size() && out >= 0;
}

}  // namespace

std::string Cursor::ToString() const { return Concat("s", Hex(ToMicros(start)), "-", Hex(id)); }

Result<Cursor> Cursor::Parse(std::string_view text) {
  const size_t dash = text.find('-');
  int64_t start_us = 0;
  Cursor out;
  if (text.starts_with('s') && dash != std::string_view::npos &&
      ReadHex(text.substr(1, dash - 1), start_us) && ReadHex(text.substr(dash + 1), out.id)) {
    out.start = FromMicros(start_us);
    // One spelling only: no leading zeros, no capitals.
    if (out.ToString() == text) return out;
  }
  return Fail(ErrorKind::kInvalidArgument,
              "this cursor is not valid; use \"next\" of the page before, unchanged");
}

}  // namespace ronin
