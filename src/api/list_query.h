// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "http/request.h"
#include "http/response.h"

namespace ronin::api {

/// Which page of a list a request asks for: `limit` and `cursor`.
struct PageQuery {
  int limit = 100;     ///< 1 to 1000
  std::string cursor;  ///< "next" of the page before, not checked; empty: the first page
};

/// Reads `limit` and `cursor`; what is wrong goes to `errors`.
PageQuery ReadPageQuery(const http::Request& request, std::vector<http::FieldError>* errors);

/// Complains about every parameter that is neither `limit`, `cursor` nor one of `known`.
void RefuseUnknownParameters(const http::Request& request,
                             std::initializer_list<std::string_view> known,
                             std::vector<http::FieldError>* errors);

/// A whole number of that range, and nothing else.
std::optional<int64_t> ReadNumber(std::string_view text, int64_t min = 0, int64_t max = INT64_MAX);
/// Of a parameter, from 0; complains of what is no such number.
std::optional<int64_t> ReadNumber(const http::Request& request, const char* name,
                                  std::vector<http::FieldError>* errors);

/// Of a parameter that is true or false, which is also what it is if it is not there.
bool ReadFlag(const http::Request& request, const char* name,
              std::vector<http::FieldError>* errors);

/// The answer for bad parameters: 400 with all of them.
http::Response BadParameters(const std::vector<http::FieldError>& errors);

/// Begins a list: `{"items":[`. Write the items, then EndList().
void BeginList(JsonWriter& json);
/// @param next  the cursor of the next page, if there is one
void EndList(JsonWriter& json, const std::optional<std::string>& next);

}  // namespace ronin::api
