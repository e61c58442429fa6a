// SPDX-License-Identifier: MIT
#include "api/list_query.h"

#include <algorithm>
#include <charconv>

namespace ronin::api {

PageQuery ReadPageQuery(const http::Request& request, std::vector<http::FieldError>* errors) {
  constexpr int kMaxLimit = 1000;
  PageQuery out;
  if (const auto text = request.Query("limit")) {
    const auto limit = ReadNumber(*text, 1, kMaxLimit);
    if (!limit) errors->push_back({"limit", "must be a whole number from 1 to 1000"});
    out.limit = int(limit.value_or(out.limit));
  }
  out.cursor = request.Query("cursor").value_or("");
  return out;
}

void RefuseUnknownParameters(const http::Request& request,
                             std::initializer_list<std::string_view> known,
                             std::vector<http::FieldError>* errors) {
  for (const std::string& name : request.QueryNames()) {
    const bool good = name == "limit" || name == "cursor" ||
                      std::find(known.begin(), known.end(), name) != known.end();
    if (!good) errors->push_back({name, "is not a parameter of this list"});
  }
}

std::optional<int64_t> ReadNumber(std::string_view text, int64_t min, int64_t max) {
  int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (out < min || out > max) return std::nullopt;
  return out;
}

std::optional<int64_t> ReadNumber(const http::Request& request, const char* name,
                                  std::vector<http::FieldError>* errors) {
  const auto text = request.Query(name);
  if (!text) return std::nullopt;
  const auto out = ReadNumber(*text);
  if (!out) errors->push_back({name, "must be a whole number from 0"});
  return out;
}

bool ReadFlag(const http::Request& request, const char* name,
              std::vector<http::FieldError>* errors) {
  const auto text = request.Query(name);
  if (!text || *text == "false") return false;
  if (*text != "true") errors->push_back({name, "must be true or false"});
  return true;
}

http::Response BadParameters(const std::vector<http::FieldError>& errors) {
  return http::Response::Problem(400, "Some parameters are not valid.", errors);
}

void BeginList(JsonWriter& json) { json.Object().Key("items").Array(); }

void EndList(JsonWriter& json, const std::optional<std::string>& next) {
  json.End().Key("next");
  if (next) {
    json.String(*next);
  } else {
    json.Null();
  }
  json.End();
}

}  // namespace ronin::api
