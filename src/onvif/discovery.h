// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "base/unique_fd.h"

namespace ronin::onvif {

/// A device that answered. All of it is the device's word, except `address`.
struct FoundDevice {
  std::string endpoint;  ///< its identity
  std::string address;   ///< where the answer came from
  std::vector<std::string> xaddrs;
  std::string name;  ///< from its scopes, like the rest; may be empty
  std::string manufacturer;
  std::string model;
  std::string location;
};

/// Reads a datagram that answers a probe: the ONVIF devices in it, at most 16. Addresses (XAddrs)
/// of another host than `sender` are left out, so that no device can send a password's digest
/// elsewhere; when none is left, the first is taken with the sender's host, since many name an
/// address they do not have. Nothing when it is no such answer.
std::vector<FoundDevice> ReadProbeMatches(std::string_view datagram, const std::string& sender);

/// One search by WS-Discovery: asks by multicast on every interface with an IPv4 address, three
/// times, and collects answers for a while. At most 256 devices and 4,096 datagrams of 64 KiB are
/// looked at. Owner: who made it; destroying it ends the search without a word. Thread: main.
class Discovery {
 public:
  using Done = std::function<void(std::vector<FoundDevice>)>;
  struct Options {
    bool loopback = false;  ///< ask on this machine itself, too
    std::chrono::milliseconds duration{3000};
  };

  /// @param done  called once, when the time is over; may destroy this. Devices are in the order of
  ///              their addresses; without any interface there are none.
  Discovery(Options options, Done done);

 private:
  struct Socket {
    UniqueFd fd;
    Source watch;
  };

  void OpenSockets();
  void Open(unsigned address);
  void Probe();
  bool Receive(int fd);
  void Note(FoundDevice device);
  void End();

  const Options options_;
  Done done_;
  std::vector<Socket> sockets_;
  std::vector<FoundDevice> found_;
  std::vector<char> buffer_;
  int datagrams_ = 0;
  int probes_ = 0;
  Source again_;
  Source end_;
};

}  // namespace ronin::onvif
