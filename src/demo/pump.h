// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace ronin::demo {

class CameraStream;

/// The thread that sends everything of all cameras on time: it sleeps until the next absolute
/// instant at which something is due, so that no error adds up.
/// Thread: Add() from any; constructor and destructor on the owner's.
class Pump {
 public:
  Pump();
  ~Pump();
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  void Add(std::shared_ptr<CameraStream> stream);

 private:
  void Run();
  int64_t NextDue() const;

  std::mutex mutex_;  // guards streams_ and ending_; not held while sending
  std::condition_variable wake_;
  std::vector<std::shared_ptr<CameraStream>> streams_;  // shared with media under way
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace ronin::demo
