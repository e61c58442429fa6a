// SPDX-License-Identifier: MIT
#include "live/live_hub.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::live {

using namespace std::chrono_literals;

LiveHub::LiveHub(const Clock& clock, gst::Reaper& reaper, Options options)
    : clock_(clock),
      reaper_(reaper),
      options_(options),
      sweep_(Source::Every(1s, [this] { Sweep(); })) {}

LiveHub::~LiveHub() = default;

std::shared_ptr<Feed> LiveHub::FeedOf(const camera::Camera& camera) {
  auto& feed = feeds_[camera.id()];
  if (!feed) {
    feed =
        std::make_shared<Feed>(clock_, reaper_, Concat("the live feed of camera ", camera.name()),
                               camera::SharesOf(options_.memory, camera.kind()));
  }
  return feed;
}

Subscription LiveHub::Subscribe(camera::Camera& camera, FeedListener& listener) {
  RONIN_ASSERT_MAIN_THREAD();
  auto feed = FeedOf(camera);
  const auto id = feed->Add(camera, listener);
  return {std::move(feed), id};
}

void LiveHub::CameraChanged(const camera::Camera& camera) {
  const auto found = feeds_.find(camera.id());
  if (found != feeds_.end()) found->second->CameraChanged(camera);
}

void LiveHub::Forget(int64_t camera_id) {
  for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
    const auto found = feeds_.find({camera_id, kind});
    if (found == feeds_.end()) continue;
    const auto feed = std::move(found->second);
    feeds_.erase(found);
    feed->End();
  }
}

size_t LiveHub::Muxed() const {
  return size_t(
      std::ranges::count_if(feeds_, [](const auto& item) { return item.second->muxed(); }));
}

void LiveHub::OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) {
  FeedOf(camera)->StreamBuilt(camera, stream);
}

void LiveHub::OnStreamEnding(camera::Camera& camera, camera::Stream&, std::function<void()> done) {
  const auto found = feeds_.find(camera.id());
  if (found != feeds_.end()) {
    const auto feed = found->second;  // a listener may end it
    feed->StreamEnding(camera);
  }
  done();
}

void LiveHub::Sweep() {
  std::vector<std::pair<StreamId, std::shared_ptr<Feed>>> feeds(feeds_.begin(), feeds_.end());
  for (const auto& [id, feed] : feeds) {
    feed->Look(id.kind == StreamKind::kMain ? options_.main_linger : options_.sub_linger);
  }
  std::erase_if(feeds_, [](const auto& item) { return !item.second->wanted(); });
}

}  // namespace ronin::live
