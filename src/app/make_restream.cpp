// SPDX-License-Identifier: MIT
#include "app/make_restream.h"

#include <utility>

#include "http/listener.h"

namespace ronin::app {

Result<std::unique_ptr<restream::Restream>> MakeRestream(const Settings& settings,
                                                         const Clock& clock,
                                                         restream::Restream::FindCamera find) {
  if (settings.restream_listen.empty()) return {};
  const auto address = http::ParseListenAddress(settings.restream_listen);
  if (!address) return tl::unexpected(address.error().In("restream_listen"));
  return std::make_unique<restream::Restream>(
      clock,
      restream::Restream::Options{.server = {.host = address->host,
                                             .port = address->port,
                                             .user = settings.restream_user,
                                             .password = settings.restream_password},
                                  .memory = settings.camera_memory_bytes(),
                                  .linger = settings.live_linger},
      std::move(find));
}

}  // namespace ronin::app
