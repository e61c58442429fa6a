// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/request.h"
#include "http/responder.h"

namespace ronin::http {

using Handler = std::function<void(const RequestPtr&, Responder)>;

/// Finds the handler of a method and a path. A pattern's segments are literal text, `{name:int}`
/// (a whole number from 1, else there is no match) or `{name}` (one segment, decoded; never empty,
/// ".", ".." or with "/" or NUL in it). Literal text wins over `{name:int}`, that over `{name}`.
/// A segment may also hold literal text around one parameter: `{n:int}.m4s`.
/// Owner: Server. Thread: main.
class Router {
 public:
  struct Route {
    Method method;
    std::string pattern;
  };

  /// A handler and what the path says; or 404 with no `allow`; or 405 with it.
  struct Match {
    const Handler* handler = nullptr;  ///< belongs to the Router; copy it before calling
    std::string pattern;               ///< of the route, for the log and the gate
    std::vector<std::pair<std::string, int64_t>> int_params;
    std::vector<std::pair<std::string, std::string>> text_params;
    std::vector<Method> allow;  ///< what the path allows, when only the method is wrong
  };

  /// A malformed pattern, or a route that exists already, is a bug (g_error). HEAD is served by
  /// the GET handler; do not add it.
  void Add(Method method, std::string_view pattern, Handler handler);

  /// @param path  percent-encoded, as it came
  Match Find(Method method, std::string_view path) const;

  /// All routes in the order of adding: a test holds the API document against them.
  std::vector<Route> Routes() const;

 private:
  struct Segment {
    enum class Kind { kText, kInt, kAny } kind = Kind::kText;
    std::string text;    ///< kText: the literal
    std::string name;    ///< parameter
    std::string prefix;  ///< literal before the parameter
    std::string suffix;  ///< literal after it
  };
  struct Entry {
    Method method;
    std::string pattern;
    std::vector<Segment> segments;
    Handler handler;
  };

  static Segment ParseSegment(std::string_view text);
  static bool MatchSegment(const Segment& segment, const std::string& value, Match* match);
  static bool MatchPath(const Entry& entry, const std::vector<std::string>& path, Match* match);
  static bool MoreSpecific(const Entry& a, const Entry& b);

  std::vector<Entry> entries_;
};

}  // namespace ronin::http
