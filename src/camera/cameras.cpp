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
  auto camera = std::make_unique<Camera>(std::move(record), context_);
  Camera* added = camera.get();
  cameras_[id] = std::move(camera);
  added->Start();
  return true;
}

bool Cameras::Change(CameraRecord record) {
  RONIN_ASSERT_MAIN_THREAD();
  Camera* camera = Find(record.id);
  if (camera == nullptr) return false;
  camera->Change(std::move(record));
  return true;
}

bool Cameras::Remove(int64_t id, std::function<void()> done) {
  RONIN_ASSERT_MAIN_THREAD();
  auto node = cameras_.extract(id);
  if (node.empty()) return false;
  Camera* camera = node.mapped().get();
  stopping_.insert(std::move(node));
  camera->Stop([this, id, done = std::move(done)] {
    // From the loop: the camera that calls this must not die under its own feet.
    mailbox_.Post([this, id, done] {
      Stopped(id);
      if (done) done();
    });
  });
  return true;
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
  return std::ranges::all_of(cameras_, [](const auto& item) { return item.second->begun(); });
}

Camera* Cameras::Find(int64_t id) const {
  const auto found = cameras_.find(id);
  return found == cameras_.end() ? nullptr : found->second.get();
}

std::vector<Camera*> Cameras::All() const {
  std::vector<Camera*> out;
  out.reserve(cameras_.size());
  for (const auto& [id, camera] : cameras_) out.push_back(camera.get());
  return out;
}

}  // namespace ronin::camera
