// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "base/clock.h"
#include "restream/rtsp_types.h"

namespace ronin::restream {

/// Who is connected. Cuts off who is one too many, who takes nothing of what it is sent, and who
/// asks for nothing. Shared by callbacks of the RTSP server. Any thread.
class Clients {
 public:
  struct Limits {
    size_t most = 32;
    std::chrono::seconds stalled{10};  ///< what was sent to it is not taken
    std::chrono::seconds idle{30};     ///< it is connected and plays nothing
  };
  explicit Clients(Limits limits) : limits_(limits) {}

  /// Cuts it off at once if there are too many.
  void Opened(GstRTSPClient* client, MonoTime now);
  void Closed(GstRTSPClient* client);
  void SetPlaying(GstRTSPClient* client, bool playing, MonoTime now);
  /// Once in a while.
  void Look(MonoTime now);

  void CutAll();
  /// False when some are still there after `limit`. Blocks.
  bool WaitUntilNone(std::chrono::milliseconds limit);
  size_t count() const;

 private:
  struct Client {
    GRef<GSocket> socket;
    MonoTime since{};     ///< it does what it does now
    MonoTime progress{};  ///< it took something, or there was nothing to take
    uint64_t taken = 0;   ///< bytes
    bool playing = false;
  };
  static void Cut(const Client& client);
  static bool Progresses(Client& client);

  const Limits limits_;
  mutable std::mutex mutex_;  // guards clients_
  std::condition_variable changed_;
  std::map<const GstRTSPClient*, Client> clients_;
};

}  // namespace ronin::restream
