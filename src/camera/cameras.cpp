// SPDX-License-Identifier: MIT
#include "camera/cameras.h"

#include <algorithm>
#include <utility>

#include "base/main_thread.h"

namespace ronin::camera {

bool Cameras::Add(CameraRecord record) {
  RONIN_ASSERT_MAIN_THREAD();
  if (all_stopped_) return false;
  const int64_t id = record.id;
  Pair& added = *(cameras_[id] = std::make_unique<Pair>(std::move(record), context_));
  added.main.Start();
  added.sub.Start();
  return true;
}

bool Cameras::Change(CameraRecord record) {
  RONIN_ASSERT_MAIN_THREAD();
  const auto found = cameras_.find(record.id);
  if (found == cameras_.end()) return false;
  found->second->main.Change(record);
  found->second->sub.Change(std::move(record));
  return true;
}

bool Cameras::Remove(int64_t id, std::function<void()> done) {
  RONIN_ASSERT_MAIN_THREAD();
  auto node = cameras_.extract(id);
  if (node.empty()) return false;
  Pair& pair = *node.mapped();
  stopping_.insert(std::move(node));
  // From the loop: the camera that calls this must not die under its own feet.
  const auto stopped = [this, id, done = std::move(done)] {
    mailbox_.Post([this, id, done] { StreamStopped(id, done); });
  };
  pair.main.Stop(stopped);
  pair.sub.Stop(stopped);
  return true;
}

void Cameras::StreamStopped(int64_t id, const std::function<void()>& done) {
  if (--stopping_.at(id)->running > 0) return;
  Stopped(id);
  if (done) done();
}

void Cameras::Stopped(int64_t id) {
  stopping_.erase(id);
  if (cameras_.empty() && stopping_.empty() && all_stopped_) std::exchange(all_stopped_, nullptr)();
}

void Cameras::StopAll(std::function<void()> done) {
  RONIN_ASSERT_MAIN_THREAD();
  all_stopped_ = std::move(done);
  if (cameras_.empty() && stopping_.empty()) {
    mailbox_.Post([this] { std::exchange(all_stopped_, nullptr)(); });
    return;
  }
  while (!cameras_.empty()) Remove(cameras_.begin()->first, nullptr);
}

bool Cameras::AllBegun() const {
  return std::ranges::all_of(cameras_, [](const auto& item) { return item.second->main.begun(); });
}

Camera* Cameras::Find(StreamId id) const {
  const auto found = cameras_.find(id.camera_id);
  if (found == cameras_.end()) return nullptr;
  return id.kind == StreamKind::kMain ? &found->second->main : &found->second->sub;
}

std::vector<Camera*> Cameras::All() const {
  std::vector<Camera*> out;
  out.reserve(cameras_.size());
  for (const auto& [id, pair] : cameras_) out.push_back(&pair->main);
  return out;
}

size_t Cameras::Connected() const {
  size_t out = 0;
  for (const auto& [id, pair] : cameras_) {
    out += size_t(pair->main.wanted()) + size_t(pair->sub.wanted());
  }
  return out;
}

}  // namespace ronin::camera
