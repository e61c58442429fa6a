// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <json-glib/json-glib.h>

#include "base/clock.h"
#include "base/g_ref.h"
#include "base/result.h"

RONIN_G_COUNTED(JsonNode, json_node_ref, json_node_unref)
RONIN_G_OBJECT(JsonBuilder)

namespace ronin {

/// Reads a JSON value. Immutable; copies share the tree. Any thread.
class JsonValue {
 public:
  /// Errors: as CheckJson(), with line and column.
  static Result<JsonValue> Parse(std::string_view text);

  bool IsObject() const;
  bool IsArray() const;
  bool IsNull() const;
  std::optional<std::string> AsString() const;
  std::optional<int64_t> AsInt() const;    ///< whole numbers only, not true or false
  std::optional<double> AsDouble() const;  ///< any number
  std::optional<bool> AsBool() const;
  /// The value of an object's member, or nothing.
  std::optional<JsonValue> Member(const char* name) const;
  std::vector<std::string> MemberNames() const;  ///< empty if it is no object
  std::vector<JsonValue> Elements() const;       ///< empty if it is no array

 private:
  explicit JsonValue(GRef<JsonNode> node) : node_(std::move(node)) {}
  GRef<JsonNode> node_;
};

/// Writes one JSON object or array: `w.Object().Key("id").Int(1).End()`, then `w.Text()`.
/// Misuse (a value without key in an object) is a bug and a GLib critical.
class JsonWriter {
 public:
  JsonWriter();
  JsonWriter& Object();
  JsonWriter& Array();
  JsonWriter& End();  ///< closes the innermost object or array
  JsonWriter& Key(const char* name);
  JsonWriter& String(std::string_view value);  ///< invalid UTF-8 is replaced by U+FFFD
  JsonWriter& Int(int64_t value);
  JsonWriter& Double(double value);  ///< null when it is not finite
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Time(WallTime value);  ///< RFC 3339, UTC, milliseconds

  /// The finished text. Call once, at the end.
  /// @param lines  on lines of their own, for people and for comparing versions
  std::string Text(bool lines = false);

 private:
  GRef<JsonBuilder> builder_;
  std::vector<bool> in_object_;
};

}  // namespace ronin
