// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/result.h"

namespace ronin::onvif {

/// Why a device did not do what was asked: a code of the API ("unauthorized", "forbidden",
/// "unreachable", "refused", "timeout", "busy", "redirected", "tls", "not_found", "not_onvif",
/// "not_supported", "server_error") and a sentence that says what to do. Never holds a password.
struct Failure {
  std::string code;
  std::string message;
};

template <typename T>
using Outcome = tl::expected<T, Failure>;

/// Called once, on main, from the loop; never after what it was given to is gone.
template <typename T>
using Then = std::function<void(Outcome<T>)>;

inline tl::unexpected<Failure> Failed(std::string code, std::string message) {
  return tl::unexpected<Failure>(Failure{std::move(code), std::move(message)});
}

inline tl::unexpected<Failure> Failed(Failure failure) {
  return tl::unexpected<Failure>(std::move(failure));
}

}  // namespace ronin::onvif
