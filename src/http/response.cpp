// SPDX-License-Identifier: MIT
#include "http/response.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/json.h"

namespace ronin::http {
namespace {

struct ReasonOf {
  int status;
  std::string_view phrase;
};

constexpr ReasonOf kReasons[] = {
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
};

constexpr size_t kMostErrors = 200;
constexpr size_t kLongestField = 200;

}  // namespace

int StatusOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidArgument:
      return 400;  // a handler that could read the text but not its values says 422 itself
    case ErrorKind::kNotFound:
      return 404;
    case ErrorKind::kConflict:
      return 409;
    case ErrorKind::kPermission:
      return 403;  // signing in again would not help, so not 401
    case ErrorKind::kUnsupported:
      return 422;  // understood, cannot be done; 415 is about the media type of the request
    case ErrorKind::kUnavailable:
      return 503;  // also while starting: the same request may work later
    case ErrorKind::kNoSpace:
      return 503;  // 507 belongs to WebDAV and clients do not know it; retention frees space
    case ErrorKind::kTimeout:
      return 503;  // 504 would say that we are a gateway; proxies treat it as their own failure
    case ErrorKind::kCorrupt:
    case ErrorKind::kInternal:
      return 500;
  }
  return 500;
}

std::string_view ReasonPhrase(int status) {
  for (const ReasonOf& known : kReasons) {
    if (known.status == status) return known.phrase;
  }
  return "Error";
}

Response Response::With(std::string name, std::string value) && {
  headers.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

Response Response::Json(int status, std::string text) {
  return {.status = status, .content_type = "application/json", .body = std::move(text)};
}

Response Response::Text(int status, std::string text) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(text)};
}

Response Response::Empty(int status) { return {.status = status}; }

Response Response::Problem(int status, std::string_view detail,
                           const std::vector<FieldError>& errors) {
  JsonWriter json;
  json.Object().Key("type").String("about:blank").Key("title").String(ReasonPhrase(status));
  json.Key("status").Int(status).Key("detail").String(detail);
  if (!errors.empty()) {
    json.Key("errors").Array();
    for (const FieldError& error : std::span(errors).first(std::min(errors.size(), kMostErrors))) {
      // A field's name may be what somebody sent: of any length.
      json.Object().Key("field").String(std::string_view(error.field).substr(0, kLongestField));
      json.Key("message").String(error.message).End();
    }
    json.End();
  }
  json.End();
  return {.status = status, .content_type = "application/problem+json", .body = json.Text()};
}

Response Response::FromError(const Error& error, const std::vector<FieldError>& errors) {
  return Problem(StatusOf(error.kind), error.message, errors);
}

}  // namespace ronin::http
