// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <tl/expected.hpp>

#include "base/error.h"

namespace ronin {

/// The value, or why there is none. Every function that can fail in the field returns one.
template <typename T>
using Result = tl::expected<T, Error>;

/// For functions that only succeed or fail.
using Status = Result<void>;

/// `return Fail(ErrorKind::kNotFound, "no such camera");`
inline tl::unexpected<Error> Fail(ErrorKind kind, std::string message, std::string cause = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(cause)});
}

inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace ronin
