// SPDX-License-Identifier: MIT
#include "camera/probes.h"

#include <utility>

#include "base/main_thread.h"

namespace ronin::camera {

Probes::Probes(const Clock& clock, gst::Reaper& reaper, PasswordTries& passwords)
    : context_{clock, reaper, pictures_, passwords} {}

Result<uint64_t> Probes::Start(Probe::Target target, const Stream* running, Probe::Done done) {
  RONIN_ASSERT_MAIN_THREAD();
  if (stopped_) return Fail(ErrorKind::kUnavailable, "The recorder is stopping.");
  if (probes_.size() >= kMost || context_.reaper.Held(Probe::kName) >= kMost + kMostHeld) {
    return Fail(ErrorKind::kUnavailable,
                "Several cameras are being tested already; try again in a few seconds.");
  }
  const uint64_t number = next_++;
  probes_[number] =
      std::make_unique<Probe>(std::move(target), running, context_,
                              [this, number, done = std::move(done)](ProbeResult result) {
                                done(std::move(result));
                                // From the loop: what calls this must not die under its own feet.
                                mailbox_.Post([this, number] { Cancel(number); });
                              });
  return number;
}

void Probes::Stop() {
  stopped_ = true;
  const auto ending = std::exchange(probes_, {});  // answering may cancel
  for (const auto& [number, probe] : ending) {
    probe->Fail({"server_error", "The recorder is stopping.", context_.clock.Now()});
  }
}

}  // namespace ronin::camera
