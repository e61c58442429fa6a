// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/request.h"

namespace ronin::http {

/// What a Range header asks of a body of a known size (RFC 9110, 14). Pure; any thread.
struct RangeChoice {
  enum class Kind { kWhole, kPart, kUnsatisfiable } kind = Kind::kWhole;
  int64_t offset = 0;
  int64_t length = 0;  ///< never beyond the size
};

/// One byte range is obeyed; several (also as several headers), other units and malformed ones are
/// ignored, as the RFC allows: the client gets the whole body.
RangeChoice ChooseRange(std::string_view header, int64_t size);

/// True if an If-None-Match value names `etag` (without quotes), or is "*". Weak comparison.
bool EtagListed(std::string_view header, std::string_view etag);

/// What to send of a body, after all conditions of the request: 200, 206, 304 or 416.
struct BodyPlan {
  int status = 200;
  int64_t offset = 0;
  int64_t length = 0;  ///< kUnknownSize stays so
};

/// @param size  of the body, or BodySource::kUnknownSize
/// @param etag  strong, without quotes; empty if there is none
BodyPlan PlanBody(const Request& request, int64_t size, std::string_view etag);

}  // namespace ronin::http
