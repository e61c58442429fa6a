// SPDX-License-Identifier: MIT
#include "config/label_text.h"

#include <glib.h>

#include "base/text.h"

namespace ronin {
namespace {

bool IsControlOrTurn(gunichar c) {
  const GUnicodeType type = g_unichar_type(c);
  // These would make one name look like another: U+202A to U+202E, U+2066 to U+2069.
  const bool turns = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  return turns || type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
         type == G_UNICODE_PARAGRAPH_SEPARATOR || type == G_UNICODE_SURROGATE;
}

/// Without the white space of any alphabet at its ends.
std::string_view TrimAll(std::string_view text) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  while (begin < end && g_unichar_isspace(g_utf8_get_char(begin))) begin = g_utf8_next_char(begin);
  while (begin < end) {
    const char* last = g_utf8_find_prev_char(begin, end);
    if (last == nullptr || !g_unichar_isspace(g_utf8_get_char(last))) break;
    end = last;
  }
  return {begin, size_t(end - begin)};
}

}  // namespace

Result<std::string> ReadLabel(std::string_view text, size_t max) {
  const auto bad = [](std::string why) {
    return Fail(ErrorKind::kInvalidArgument, std::move(why));
  };
  if (g_utf8_validate(text.data(), gssize(text.size()), nullptr) == FALSE) {
    return bad("must be UTF-8 text");
  }
  const std::string_view label = TrimAll(text);
  bool visible = false;
  size_t length = 0;
  for (const char* p = label.data(); p < label.data() + label.size(); p = g_utf8_next_char(p)) {
    const gunichar c = g_utf8_get_char(p);
    if (IsControlOrTurn(c)) return bad("must not contain control characters");
    visible = visible || g_unichar_isgraph(c);
    ++length;
  }
  if (!visible || length > max) return bad(Concat("must have 1 to ", max, " characters"));
  return std::string(label);
}

}  // namespace ronin
