// SPDX-License-Identifier: MIT
#include "config/camera_folder.h"

#include <glib.h>

#include "base/g_ref.h"
#include "base/text.h"

namespace ronin {
namespace {

constexpr size_t kMaxBytes = 80;
constexpr std::string_view kSeparators = "/\\:*?\"<>|";
// Other things below a volume's root or a camera's folder have these names.
constexpr std::string_view kReserved[] = {"sub", "lost+found"};

// At most `limit` bytes, not cut inside a character.
std::string_view CutUtf8(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

// A leading dot hides a folder, a leading dash or tilde means something to a shell, and a trailing
// dot or space is dropped by some file systems.
std::string_view TrimEnds(std::string_view text) {
  const size_t begin = text.find_first_not_of(". -~");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(". ") - begin + 1);
}

std::string Normal(std::string_view text, GNormalizeMode mode) {
  const GCharPtr valid(g_utf8_make_valid(text.data(), gssize(text.size())));
  const GCharPtr normal(g_utf8_normalize(valid.get(), -1, mode));
  return normal.get();
}

std::string OnlySafe(const std::string& text) {
  std::string out;
  for (const char* p = text.c_str(); *p != '\0'; p = g_utf8_next_char(p)) {
    const gunichar c = g_utf8_get_char(p);
    if (c < 0x80 && kSeparators.find(char(c)) != std::string_view::npos) {
      out += '-';
    } else if (g_unichar_isspace(c)) {
      out += ' ';
    } else if (g_unichar_isprint(c)) {
      out.append(p, size_t(g_utf8_next_char(p) - p));
    }
  }
  return out;
}

}  // namespace

std::string ComparisonKey(std::string_view text) {
  const GCharPtr folded(g_utf8_casefold(Normal(text, G_NORMALIZE_ALL_COMPOSE).c_str(), -1));
  return Normal(folded.get(), G_NORMALIZE_ALL_COMPOSE);
}

std::string FolderFromName(std::string_view name) {
  const std::string safe = OnlySafe(Normal(name, G_NORMALIZE_DEFAULT_COMPOSE));
  std::string out(TrimEnds(CutUtf8(TrimEnds(safe), kMaxBytes)));
  if (out.empty()) return "camera";
  const std::string key = ComparisonKey(out);
  for (const std::string_view reserved : kReserved) {
    if (key == reserved) return "camera " + out;
  }
  return out;
}

std::string UniqueFolder(std::string_view name,
                         const std::function<bool(const std::string&)>& taken) {
  const std::string base = FolderFromName(name);
  std::string out = base;
  for (int number = 2; taken(out); ++number) {
    const std::string suffix = Concat(" ", number);
    out = Concat(TrimEnds(CutUtf8(base, kMaxBytes - suffix.size())), suffix);
  }
  return out;
}

}  // namespace ronin
