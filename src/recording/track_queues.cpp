// SPDX-License-Identifier: MIT
#include "recording/track_queues.h"

#include <utility>

#include "base/main_thread.h"
#include "gst/element.h"

namespace ronin::recording {
namespace {

constexpr guint64 kHeldNs = 12'000'000'000;
// With room for a disk that is slow while a whole held GOP is still waiting.
constexpr guint64 kRecordedNs = 20'000'000'000;

/// @param keep_ns  how much is held that is older than the newest GOP
void Limit(const GRef<GstElement>& queue, guint64 bytes, guint64 ns, guint64 keep_ns) {
  if (!queue) return;
  g_object_set(queue.Get(), "max-size-bytes", bytes, "max-size-time", ns, "keep-time", keep_ns,
               nullptr);
}

Status Link(const GRef<GstElement>& queue, GstPad* to) {
  if (gst_pad_link(gst::StaticPad(queue.Get(), "src").Get(), to) != GST_PAD_LINK_OK) {
    return Fail(ErrorKind::kInternal, "the tracks do not fit the MP4 muxer");
  }
  // Nobody comes after this recording: what it has got need not be held.
  g_object_set(queue.Get(), "keep-gop", FALSE, nullptr);
  return {};
}

}  // namespace

TrackQueues::TrackQueues(camera::Stream& stream, gst::Reaper& reaper, std::string name,
                         const camera::MemoryShares& shares)
    : pipeline_(Share(stream.pipeline())),
      reaper_(reaper),
      name_(std::move(name)),
      shares_(shares) {}

TrackQueues::~TrackQueues() {
  std::vector<GRef<GstElement>> elements;
  TakeOut(&elements);
  Retire(std::move(elements));
}

Result<std::unique_ptr<TrackQueues>> TrackQueues::Attach(camera::Stream& stream,
                                                         gst::Reaper& reaper, std::string name,
                                                         const camera::MemoryShares& shares) {
  RONIN_ASSERT_MAIN_THREAD();
  std::unique_ptr<TrackQueues> out(new TrackQueues(stream, reaper, std::move(name), shares));
  if (auto added = out->Add(&out->video_, stream.video_tee()); !added) {
    return tl::unexpected(added.error());
  }
  if (auto added = out->Add(&out->audio_, stream.audio_tee()); !added) {
    return tl::unexpected(added.error());
  }
  out->HoldAll(false);
  return out;
}

Status TrackQueues::Add(Track* track, GstElement* tee) {
  // Without a name of its own: those of the recording before may be there still.
  auto queue = gst::MakeElement("roningopqueue", "", {{"keep-gop", "true"}});
  if (!queue) return tl::unexpected(queue.error());
  track->queue = *queue;
  gst_bin_add(GST_BIN(pipeline_.Get()), track->queue.Get());
  gst_element_sync_state_with_parent(track->queue.Get());
  auto linked = gst::TeeBranch::Link(tee, gst::StaticPad(track->queue.Get(), "sink"));
  if (!linked) return tl::unexpected(linked.error());
  track->branch = std::move(*linked);
  return {};
}

void TrackQueues::HoldAll(bool all) {
  const guint64 ns = all ? kRecordedNs : kHeldNs;
  Limit(video_.queue, all ? shares_.recorded : shares_.recorded / 2, ns, all ? ns : 0);
  // Sound has no GOPs, and it is not known when the next keyframe comes.
  Limit(audio_.queue, shares_.sound, ns, ns);
}

Status TrackQueues::LinkVideo(GstPad* to) { return Link(video_.queue, to); }

Status TrackQueues::LinkAudio(GstPad* to) { return Link(audio_.queue, to); }

void TrackQueues::DropAudio() {
  std::vector<GRef<GstElement>> elements;
  TakeOut(&audio_, &elements);
  Retire(std::move(elements));
}

void TrackQueues::Forget() {
  for (const Track* track : {&video_, &audio_}) Limit(track->queue, 1, 1, 0);  // nothing fits
}

void TrackQueues::LeaveTees() {
  video_.branch.Unlink();
  audio_.branch.Unlink();
}

void TrackQueues::TakeOut(std::vector<GRef<GstElement>>* to) {
  TakeOut(&video_, to);
  TakeOut(&audio_, to);
}

void TrackQueues::TakeOut(Track* track, std::vector<GRef<GstElement>>* to) {
  track->branch.Unlink();
  if (!track->queue) return;
  gst::TakeOut(pipeline_.Get(), track->queue.Get());
  to->push_back(std::move(track->queue));
}

void TrackQueues::Retire(std::vector<GRef<GstElement>> elements) {
  if (elements.empty()) return;
  reaper_.Retire({.what = name_,
                  .consequence = "they are left behind; restart the recorder if that happens again",
                  .elements = std::move(elements)});
}

}  // namespace ronin::recording
