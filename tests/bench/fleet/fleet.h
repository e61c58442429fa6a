// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "fleet/camera.h"
#include "fleet/rtp_clip.h"

namespace ronin::bench {

/// Many cameras that cost little: one clip, packetised once, sent to all by one thread. Their
/// pictures are spread evenly over the time of a picture. Thread-bound.
class Fleet {
 public:
  /// @param port  of the first camera; the others follow
  /// Errors: of ports and descriptors.
  static Result<std::unique_ptr<Fleet>> Open(int cameras, uint16_t port, RtpClip clip);

  /// Serves until standard input ends. Commands, a line each:
  /// report   Camera::Report() of all, then "late WORST_US" (since the last report) and "end"
  void Run();

 private:
  explicit Fleet(RtpClip clip) : clip_(std::move(clip)) {}
  bool Watch(int fd, uint32_t events, int how);
  void SetTimer();
  void SendDue();
  int64_t DueAt(uint64_t tick) const;
  void OnEvent(int fd, uint32_t events);
  bool ReadCommands();
  void Obey(const std::string& line);
  void Accept(Camera& camera);
  void AfterWrites(Camera& camera);

  RtpClip clip_;
  UniqueFd epoll_;
  UniqueFd timer_;
  std::vector<std::unique_ptr<Camera>> cameras_;
  struct Client {
    Camera* camera;
    Connection* connection;
    bool wants_write;
  };
  std::unordered_map<int, Camera*> listeners_;
  std::unordered_map<int, Client> clients_;
  uint64_t slots_ = 1;  // times in a picture at which cameras send
  uint64_t tick_ = 0;   // the next one
  int64_t origin_ns_ = 0;
  int64_t worst_late_ns_ = 0;
  std::string commands_;
};

}  // namespace ronin::bench
