// SPDX-License-Identifier: MIT
#include "api/open_file_sizes.h"

#include <filesystem>
#include <utility>

#include "base/ask.h"
#include "base/source.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kDiskPatience = 1s;

/// Path by id.
using Paths = std::map<int64_t, std::string>;

OpenFileSizes::Sizes StatAll(const Paths& paths) {
  OpenFileSizes::Sizes out;
  for (const auto& [id, path] : paths) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!error) out[id] = int64_t(size);
  }
  return out;
}

}  // namespace

/// One reading under way.
struct OpenFileSizes::Round {
  Sizes sizes;
  size_t waits_for = 0;  // disks
  std::function<void(const Sizes&)> done;
  Source deadline;

  void Finish() {
    deadline.Cancel();
    if (const auto then = std::exchange(done, nullptr)) then(sizes);
  }
};

void OpenFileSizes::Read(const std::vector<Segment>& open, std::function<void(const Sizes&)> done) {
  std::map<VolumeGate*, Paths> by_gate;
  for (const Segment& segment : open) {
    VolumeGate* gate = volumes_.Find(segment.volume_id);
    if (gate != nullptr) by_gate[gate][segment.id] = gate->volume().PathOf(segment.rel_path);
  }
  if (by_gate.empty()) {
    done({});
    return;
  }
  // Shared: whichever disk answers last, or the deadline, is the end of it.
  const auto round = std::make_shared<Round>();
  round->done = std::move(done);
  round->waits_for = by_gate.size();
  round->deadline = Source::After(kDiskPatience, [waiting = std::weak_ptr(round)] {
    if (const auto late = waiting.lock()) late->Finish();
  });
  for (const auto& [gate, paths] : by_gate) {
    Ask(
        gate->read_worker(), mailbox_, [paths = paths] { return StatAll(paths); },
        [round](Sizes sizes) {
          round->sizes.merge(sizes);
          if (--round->waits_for == 0) round->Finish();
        });
  }
}

}  // namespace ronin::api
