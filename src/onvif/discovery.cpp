// SPDX-License-Identifier: MIT
#include "onvif/discovery.h"

#include <algorithm>
#include <cerrno>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <utility>

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/g_ref.h"
#include "base/log.h"
#include "base/text.h"

namespace ronin::onvif {
namespace {

constexpr const char* kGroup = "239.255.255.250";
constexpr uint16_t kPort = 3702;
constexpr size_t kMostSockets = 32;
constexpr size_t kMostDevices = 256;
constexpr int kMostDatagrams = 4096;
constexpr int kDatagramsAtOnce = 8;  // then others have a turn on the main loop
constexpr size_t kLargestDatagram = 64 * 1024;
constexpr int kProbes = 3;
constexpr std::chrono::milliseconds kBetweenProbes{500};

struct FreeAddresses {
  void operator()(ifaddrs* list) const noexcept { freeifaddrs(list); }
};

/// @param types  what is looked for; empty: anything
std::string ProbeText(const char* types) {
  const GCharPtr id(g_uuid_string_random());
  return Concat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
      "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\" "
      "xmlns:w=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
      "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" "
      "xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\"><e:Header><w:MessageID>uuid:",
      id.get(),
      "</w:MessageID><w:To e:mustUnderstand=\"true\">"
      "urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action e:mustUnderstand=\"true\">"
      "http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
      "<e:Body><d:Probe><d:Types>",
      types, "</d:Types></d:Probe></e:Body></e:Envelope>");
}

}  // namespace

Discovery::Discovery(Options options, Done done)
    : options_(options), done_(std::move(done)), buffer_(kLargestDatagram) {
  OpenSockets();
  Probe();
  end_ = Source::After(options_.duration, [this] { End(); });
}

void Discovery::OpenSockets() {
  ifaddrs* raw = nullptr;
  if (getifaddrs(&raw) != 0) return;
  const std::unique_ptr<ifaddrs, FreeAddresses> list(raw);
  for (const ifaddrs* at = list.get(); at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET) continue;
    if ((at->ifa_flags & IFF_UP) == 0) continue;
    const bool loopback = (at->ifa_flags & IFF_LOOPBACK) != 0;
    if (loopback ? !options_.loopback : (at->ifa_flags & IFF_MULTICAST) == 0) continue;
    Open(reinterpret_cast<const sockaddr_in*>(at->ifa_addr)->sin_addr.s_addr);
  }
}

/// One socket for each address: that of the interface the probe leaves by, and is answered to.
void Discovery::Open(unsigned address) {
  if (sockets_.size() == kMostSockets) return;
  UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = address;
  if (!fd || ::bind(fd.Get(), reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
      ::setsockopt(fd.Get(), IPPROTO_IP, IP_MULTICAST_IF, &here.sin_addr, sizeof here.sin_addr) !=
          0) {
    log::Warning("onvif", Concat("cameras are not searched for on one interface: ",
                                 ErrorFromErrno(errno, "its socket failed").Text()));
    return;
  }
  const int raw = fd.Get();
  sockets_.push_back({std::move(fd), Source::OnFd(raw, G_IO_IN, [this, raw](GIOCondition) {
                        return Receive(raw);
                      })});
}

void Discovery::Probe() {
  sockaddr_in group{};
  group.sin_family = AF_INET;
  group.sin_port = htons(kPort);
  inet_aton(kGroup, &group.sin_addr);
  // Some answer only to the one, some only to the other.
  const std::string texts[] = {ProbeText("dn:NetworkVideoTransmitter"), ProbeText("")};
  for (const Socket& socket : sockets_) {
    for (const std::string& text : texts) {
      // One that is lost, or has no way out, is made up for by the next.
      (void)::sendto(socket.fd.Get(), text.data(), text.size(), 0,
                     reinterpret_cast<const sockaddr*>(&group), sizeof group);
    }
  }
  if (++probes_ < kProbes) again_ = Source::After(kBetweenProbes, [this] { Probe(); });
}

bool Discovery::Receive(int fd) {
  for (int i = 0; i < kDatagramsAtOnce; ++i) {
    sockaddr_in from{};
    socklen_t length = sizeof from;
    const ssize_t size = ::recvfrom(fd, buffer_.data(), buffer_.size(), MSG_TRUNC,
                                    reinterpret_cast<sockaddr*>(&from), &length);
    if (size < 0) return true;
    if (++datagrams_ > kMostDatagrams) return false;
    if (size_t(size) > buffer_.size() || from.sin_family != AF_INET) continue;
    char sender[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &from.sin_addr, sender, sizeof sender);
    for (FoundDevice& device :
         ReadProbeMatches(std::string_view(buffer_.data(), size_t(size)), sender)) {
      Note(std::move(device));
    }
  }
  return true;
}

/// Answers of one device come several times. The address counts, too: else a device could hide
/// another one behind itself by its name.
void Discovery::Note(FoundDevice device) {
  for (FoundDevice& known : found_) {
    if (known.endpoint != device.endpoint || known.address != device.address) continue;
    for (std::string& address : device.xaddrs) {
      if (known.xaddrs.size() < 8 &&
          std::ranges::find(known.xaddrs, address) == known.xaddrs.end()) {
        known.xaddrs.push_back(std::move(address));
      }
    }
    return;
  }
  if (found_.size() < kMostDevices) found_.push_back(std::move(device));
}

void Discovery::End() {
  again_.Cancel();
  sockets_.clear();
  const auto by_address = [](const FoundDevice& device) {
    return ntohl(inet_addr(device.address.c_str()));
  };
  std::ranges::stable_sort(found_, {}, by_address);
  const Done done = std::move(done_);
  done(std::move(found_));  // may destroy this
}

}  // namespace ronin::onvif
