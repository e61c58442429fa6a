// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/method.h"

namespace ronin::http {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// One request with its whole body, as plain values: nothing in it belongs to libsoup, so a test
/// makes one from Parts. Immutable. Owner: shared by the server and by handlers that answer later.
/// Thread: any (it never changes).
class Request {
 public:
  /// What a request is made of; names of parameters are those of the route's pattern.
  struct Parts {
    Method method = Method::kGet;
    std::string path = "/";  ///< percent-encoded, as it came, without the query
    std::string query;       ///< raw, without "?"
    HeaderList headers;
    std::string body;
    std::string remote_address;  ///< "127.0.0.1", without port; empty if unknown
    std::vector<std::pair<std::string, int64_t>> int_params;
    std::vector<std::pair<std::string, std::string>> text_params;
  };

  explicit Request(Parts parts);

  Method method() const { return parts_.method; }
  /// Percent-encoded, as it came; for logs and for comparing, never for opening files.
  const std::string& path() const { return parts_.path; }
  std::string_view body() const { return parts_.body; }
  const std::string& remote_address() const { return parts_.remote_address; }

  /// The first value of a query field, decoded ("+" is a space); nothing if it is absent.
  std::optional<std::string> Query(std::string_view name) const;
  /// All values of a query field that may repeat, in order.
  std::vector<std::string> QueryAll(std::string_view name) const;
  /// The names of all query fields, each once: so that a handler can refuse unknown ones.
  std::vector<std::string> QueryNames() const;
  /// The first header of that name, in any case of letters; nothing if it is absent.
  std::optional<std::string> Header(std::string_view name) const;
  /// All headers of that name, in order.
  std::vector<std::string> HeaderAll(std::string_view name) const;

  /// The value of `{name:int}` of the route. A name that the pattern does not have is a bug.
  int64_t IntParam(std::string_view name) const;
  /// The value of `{name}` of the route, decoded: not empty, no "/", no NUL, not "." or "..".
  const std::string& TextParam(std::string_view name) const;

 private:
  Parts parts_;
  std::vector<std::pair<std::string, std::string>> query_;
};

/// Shared, because a handler may answer long after it returned and still need its request.
using RequestPtr = std::shared_ptr<const Request>;

}  // namespace ronin::http
