// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/request.h"

namespace ronin::http {

/// One bad field of a request: where (`storage.policy.retention_days`), and what is wrong with it.
struct FieldError {
  std::string field;
  std::string message;
};

/// A whole answer with a small body in memory. A plain value; any thread.
struct Response {
  int status = 200;
  std::string content_type;  ///< empty: no Content-Type header
  std::string body;
  HeaderList headers;  ///< beside Content-Type and Content-Length

  /// The same answer with one header more: `Response::Json(201, text).With("Location", path)`.
  Response With(std::string name, std::string value) &&;

  /// `text` as application/json.
  static Response Json(int status, std::string text);
  static Response Text(int status, std::string text);
  /// 204, or another status that has no body.
  static Response Empty(int status = 204);
  /// An error for people and programs, application/problem+json (RFC 9457). `detail` says what to
  /// do; `errors` are the bad fields (the first 200), left out when there are none.
  static Response Problem(int status, std::string_view detail,
                          const std::vector<FieldError>& errors = {});
  /// The problem that `error` is. The cause is not in it: it may name paths and hosts.
  static Response FromError(const Error& error, const std::vector<FieldError>& errors = {});
};

/// The HTTP status of an error kind; the table and its reasons are in response.cpp.
int StatusOf(ErrorKind kind);

/// "Not Found" for 404; "Error" for what has no name.
std::string_view ReasonPhrase(int status);

}  // namespace ronin::http
