// SPDX-License-Identifier: MIT
#include "base/json_check.h"

#include <charconv>
#include <cmath>
#include <string>

#include <glib.h>

#include "base/text.h"

namespace ronin {
namespace {

constexpr int kMaxDepth = 64;

/// Reads one text, from its beginning to its end. Each method leaves `at_` behind what it read, or
/// says what is wrong there and gives false.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  Status Run() {
    if (Value(1) && (SkipSpace(), at_ != text_.size())) Wrong("there is more behind the end");
    if (wrong_.empty()) return {};
    size_t line = 1;
    size_t column = 1;
    for (size_t i = 0; i < at_ && i < text_.size(); ++i) {
      ++column;
      if (text_[i] == '\n') ++line, column = 1;
    }
    return Fail(ErrorKind::kInvalidArgument,
                Concat("the body is not JSON: line ", line, ", column ", column, ": ", wrong_));
  }

 private:
  bool Wrong(const char* what) {
    if (wrong_.empty()) wrong_ = what;
    return false;
  }
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void SkipSpace() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }

  bool Value(int depth) {
    if (depth > kMaxDepth) return Wrong("it is nested more than 64 levels deep");
    SkipSpace();
    switch (Peek()) {
      case '{':
        return Members(depth);
      case '[':
        return Elements(depth);
      case '"':
        return String();
      case 't':
        return Word("true");
      case 'f':
        return Word("false");
      case 'n':
        return Word("null");
      default:
        return Number();
    }
  }

  bool Word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return Wrong("a value is expected");
    at_ += word.size();
    return true;
  }

  bool Members(int depth) {
    Take('{');
    SkipSpace();
    if (Take('}')) return true;
    for (;;) {
      SkipSpace();
      if (Peek() != '"') return Wrong("a name in \" is expected");
      if (!String()) return false;
      SkipSpace();
      if (!Take(':')) return Wrong("a : is expected");
      if (!Value(depth + 1)) return false;
      SkipSpace();
      if (Take('}')) return true;
      if (!Take(',')) return Wrong("a , or } is expected");
    }
  }

  bool Elements(int depth) {
    Take('[');
    SkipSpace();
    if (Take(']')) return true;
    for (;;) {
      if (!Value(depth + 1)) return false;
      SkipSpace();
      if (Take(']')) return true;
      if (!Take(',')) return Wrong("a , or ] is expected");
    }
  }

  bool String() {
    Take('"');
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c < 0x20) return Wrong("a text must not hold control characters; write them as escapes");
      ++at_;
      if (c == '"') return true;
      if (c == '\\' && !Escape()) return false;
    }
    return Wrong("a text has no end");
  }

  bool Escape() {
    const char c = Peek();
    ++at_;
    if (c != 'u') {
      const bool known = c != '\0' && std::string_view("\"\\/bfnrt").find(c) != text_.npos;
      return known || Wrong("there is no such escape");
    }
    const int unit = Hex4();
    if (unit < 0) return false;
    if (unit == 0) return Wrong("a text must not hold a zero character");
    if (unit >= 0xdc00 && unit <= 0xdfff) return Wrong("a surrogate has no first half");
    if (unit < 0xd800 || unit > 0xdbff) return true;
    if (!Take('\\') || !Take('u')) return Wrong("a surrogate has no second half");
    const int second = Hex4();
    if (second < 0) return false;
    return (second >= 0xdc00 && second <= 0xdfff) || Wrong("a surrogate has no second half");
  }

  int Hex4() {
    int out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = g_ascii_xdigit_value(Peek());
      if (digit < 0) {
        Wrong("an escape needs four hexadecimal digits");
        return -1;
      }
      out = out * 16 + digit;
    }
    return out;
  }

  bool Digits() {
    const size_t begin = at_;
    while (g_ascii_isdigit(Peek())) ++at_;
    return at_ > begin;
  }

  bool Number() {
    const size_t begin = at_;
    Take('-');
    if (!Take('0') && !Digits()) return Wrong("a value is expected");
    if (g_ascii_isdigit(Peek())) return Wrong("a number must not begin with 0");
    bool whole = true;
    if (Take('.')) {
      whole = false;
      if (!Digits()) return Wrong("a digit is expected");
    }
    if (Peek() == 'e' || Peek() == 'E') {
      whole = false;
      ++at_;
      if (!Take('+')) Take('-');
      if (!Digits()) return Wrong("a digit is expected");
    }
    const std::string number(text_.substr(begin, at_ - begin));
    int64_t value = 0;
    const auto error = std::from_chars(number.data(), number.data() + number.size(), value).ec;
    const bool fits =
        whole ? error == std::errc() : std::isfinite(g_ascii_strtod(number.c_str(), nullptr));
    return fits || Wrong("a number is too large");
  }

  const std::string_view text_;
  size_t at_ = 0;
  std::string wrong_;
};

}  // namespace

Status CheckJson(std::string_view text) {
  if (g_utf8_validate(text.data(), gssize(text.size()), nullptr) == FALSE) {
    return Fail(ErrorKind::kInvalidArgument, "the body is not UTF-8");
  }
  if (text.empty()) return Fail(ErrorKind::kInvalidArgument, "the body is empty");
  return Checker(text).Run();
}

}  // namespace ronin
