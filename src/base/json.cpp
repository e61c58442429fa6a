// SPDX-License-Identifier: MIT
#include "base/json.h"

#include <cmath>

#include "base/json_check.h"
#include "base/time_text.h"

RONIN_G_OBJECT(JsonParser)
RONIN_G_OBJECT(JsonGenerator)

namespace ronin {

Result<JsonValue> JsonValue::Parse(std::string_view text) {
  if (auto good = CheckJson(text); !good) return Fail(std::move(good.error()));
  GRef<JsonParser> parser = Adopt(json_parser_new_immutable());
  GErrorPtr error;
  if (json_parser_load_from_data(parser.Get(), text.data(), gssize(text.size()), Out(error)) ==
      FALSE) {
    return Fail(ErrorKind::kInvalidArgument,
                std::string("the body is not JSON: ") + (error ? error->message : ""));
  }
  JsonNode* root = json_parser_get_root(parser.Get());
  if (root == nullptr) return Fail(ErrorKind::kInvalidArgument, "the body is empty");
  return JsonValue(Share(root));
}

bool JsonValue::IsObject() const { return JSON_NODE_HOLDS_OBJECT(node_.Get()); }

bool JsonValue::IsArray() const { return JSON_NODE_HOLDS_ARRAY(node_.Get()); }

bool JsonValue::IsNull() const { return JSON_NODE_HOLDS_NULL(node_.Get()); }

std::optional<std::string> JsonValue::AsString() const {
  if (!JSON_NODE_HOLDS_VALUE(node_.Get()) ||
      json_node_get_value_type(node_.Get()) != G_TYPE_STRING) {
    return std::nullopt;
  }
  return std::string(json_node_get_string(node_.Get()));
}

std::optional<int64_t> JsonValue::AsInt() const {
  if (!JSON_NODE_HOLDS_VALUE(node_.Get()) ||
      json_node_get_value_type(node_.Get()) != G_TYPE_INT64) {
    return std::nullopt;
  }
  return json_node_get_int(node_.Get());
}

std::optional<double> JsonValue::AsDouble() const {
  if (const auto whole = AsInt()) return double(*whole);
  if (!JSON_NODE_HOLDS_VALUE(node_.Get()) ||
      json_node_get_value_type(node_.Get()) != G_TYPE_DOUBLE) {
    return std::nullopt;
  }
  return json_node_get_double(node_.Get());
}

std::optional<bool> JsonValue::AsBool() const {
  if (!JSON_NODE_HOLDS_VALUE(node_.Get()) ||
      json_node_get_value_type(node_.Get()) != G_TYPE_BOOLEAN) {
    return std::nullopt;
  }
  return json_node_get_boolean(node_.Get()) != FALSE;
}

std::optional<JsonValue> JsonValue::Member(const char* name) const {
  if (!IsObject()) return std::nullopt;
  JsonNode* member = json_object_get_member(json_node_get_object(node_.Get()), name);
  if (member == nullptr) return std::nullopt;
  return JsonValue(Share(member));
}

std::vector<std::string> JsonValue::MemberNames() const {
  std::vector<std::string> out;
  if (!IsObject()) return out;
  GList* names = json_object_get_members(json_node_get_object(node_.Get()));
  for (GList* l = names; l != nullptr; l = l->next) {
    out.emplace_back(static_cast<const char*>(l->data));
  }
  g_list_free(names);
  return out;
}

std::vector<JsonValue> JsonValue::Elements() const {
  std::vector<JsonValue> out;
  if (!JSON_NODE_HOLDS_ARRAY(node_.Get())) return out;
  JsonArray* array = json_node_get_array(node_.Get());
  for (guint i = 0; i < json_array_get_length(array); ++i) {
    out.push_back(JsonValue(Share(json_array_get_element(array, i))));
  }
  return out;
}

JsonWriter::JsonWriter() : builder_(Adopt(json_builder_new_immutable())) {}

JsonWriter& JsonWriter::Object() {
  json_builder_begin_object(builder_.Get());
  in_object_.push_back(true);
  return *this;
}

JsonWriter& JsonWriter::Array() {
  json_builder_begin_array(builder_.Get());
  in_object_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::End() {
  g_assert(!in_object_.empty());
  if (in_object_.back()) {
    json_builder_end_object(builder_.Get());
  } else {
    json_builder_end_array(builder_.Get());
  }
  in_object_.pop_back();
  return *this;
}

JsonWriter& JsonWriter::Key(const char* name) {
  json_builder_set_member_name(builder_.Get(), name);
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  const GCharPtr valid(g_utf8_make_valid(value.data(), gssize(value.size())));
  json_builder_add_string_value(builder_.Get(), valid.get());
  return *this;
}

JsonWriter& JsonWriter::Int(int64_t value) {
  json_builder_add_int_value(builder_.Get(), value);
  return *this;
}

JsonWriter& JsonWriter::Double(double value) {
  if (!std::isfinite(value)) return Null();
  json_builder_add_double_value(builder_.Get(), value);
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  json_builder_add_boolean_value(builder_.Get(), value ? TRUE : FALSE);
  return *this;
}

JsonWriter& JsonWriter::Null() {
  json_builder_add_null_value(builder_.Get());
  return *this;
}

JsonWriter& JsonWriter::Time(WallTime value) { return String(FormatUtc(value)); }

std::string JsonWriter::Text(bool lines) {
  g_assert(in_object_.empty());
  const GRef<JsonNode> root = Adopt(json_builder_get_root(builder_.Get()));
  const GRef<JsonGenerator> generator = Adopt(json_generator_new());
  json_generator_set_pretty(generator.Get(), lines);
  json_generator_set_root(generator.Get(), root.Get());
  gsize length = 0;
  const GCharPtr text(json_generator_to_data(generator.Get(), &length));
  return std::string(text.get(), length);
}

}  // namespace ronin
