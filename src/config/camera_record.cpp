// SPDX-License-Identifier: MIT
#include "config/camera_record.h"

namespace ronin {

std::string_view ToString(Transport transport) {
  switch (transport) {
    case Transport::kAuto:
      return "auto";
    case Transport::kTcp:
      return "tcp";
    case Transport::kUdp:
      return "udp";
    case Transport::kCompat:
      return "compat";
  }
  return "auto";
}

Result<Transport> ParseTransport(std::string_view text) {
  for (const Transport transport :
       {Transport::kAuto, Transport::kTcp, Transport::kUdp, Transport::kCompat}) {
    if (text == ToString(transport)) return transport;
  }
  return Fail(ErrorKind::kInvalidArgument, "transport must be auto, tcp, udp or compat");
}

}  // namespace ronin
