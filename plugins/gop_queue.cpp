// SPDX-License-Identifier: MIT
#include "gop_queue.h"

#include <iterator>
#include <utility>

namespace ronin_plugin {
namespace {

// Far more than a stream has in the time and bytes that are allowed. They bound the memory of
// streams of empty buffers or of events alone.
constexpr size_t kMaxBuffers = 100'000;
constexpr size_t kMaxEvents = 1'000;

}  // namespace

void GopQueue::Restart(bool keep) {
  Flush();
  tail_.Clear();
  in_force_.Clear();
  events_ = 0;
  drops_ = {};
  keep_ = keep;
  open_ = false;
}

void GopQueue::StopKeeping() {
  keep_ = false;
  ForgetKept();
  while (!open_ && !entries_.empty()) DropOldest(0);
}

void GopQueue::SetLimits(const Limits& limits, GstClockTime now) {
  limits_ = limits;
  ForgetKeptIfOver();
  while (Over()) DropOldest(now);
}

void GopQueue::Flush() {
  EventRun events;
  for (Entry& entry : entries_) {
    events.Append(std::move(entry.before));
    gst_buffer_unref(entry.buffer);
  }
  entries_.clear();
  events.Append(std::move(tail_));
  events.Flush();
  tail_ = std::move(events);
  in_force_.Flush();
  events_ = tail_.size();
  bytes_ = 0;
  keys_ = 0;
  ForgetKept();
  clock_ = {};
  wait_ = Wait::kQuiet;
  discont_ = true;
}

void GopQueue::Close(GstClockTime now) {
  if (!open_) return;
  open_ = false;
  discont_ = true;
  if (keep_) Rewind();
  while (!entries_.empty() && (!keep_ || !entries_.front().key || Over() ||
                               (keys_ > 1 && FirstIsOld(entries_.back().place)))) {
    DropOldest(now);
  }
  if (entries_.empty()) wait_ = Wait::kQuiet;
  CollapseTail();
}

void GopQueue::PushBuffer(GstBuffer* buffer, GstClockTime now) {
  const bool key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  if (!open_ && !keep_) {
    gst_buffer_unref(buffer);
    return;
  }
  if (!key && wait_ != Wait::kNo) {
    if (wait_ == Wait::kLost) drops_.Add(buffer, now);
    gst_buffer_unref(buffer);
    return;
  }
  const guint64 size = gst_buffer_get_size(buffer);
  const GstClockTime place = clock_.Place(GST_BUFFER_DTS_OR_PTS(buffer), now);
  if (key) {
    ForgetKept();
    while (!open_ && !entries_.empty() && FirstIsOld(place)) DropOldest(now);
    wait_ = Wait::kNo;
  }
  entries_.push_back({buffer, std::move(tail_), size, place, key});
  bytes_ += size;
  if (key) ++keys_;
  ForgetKeptIfOver();
  while (Over()) DropOldest(now);
}

void GopQueue::PushEvent(GstEvent* event, GstClockTime now) {
  tail_.Append(event);
  ++events_;
  while (Over()) DropOldest(now);
  // Nothing is between these: what a later one replaces need not pile up.
  if (!open_ || events_ > kMaxEvents) CollapseTail();
}

void GopQueue::PushEventFirst(GstEvent* event) {
  if (!open_) {
    gst_event_unref(event);
    return;
  }
  EventRun& first = entries_.empty() ? tail_ : entries_.front().before;
  first.Prepend(event);
  ++events_;
  if (events_ > kMaxEvents) {
    events_ -= first.size();
    first.Collapse(kMaxEvents / 2);
    events_ += first.size();
  }
}

GstMiniObject* GopQueue::Pop() {
  EventRun& events = entries_.empty() ? tail_ : entries_.front().before;
  if (!events.empty()) {
    GstEvent* const event = events.TakeFirst();
    --events_;
    in_force_.PutInForce(event);
    if (!kept_.empty()) {
      kept_tail_.Append(gst_event_ref(event));
      ++kept_events_;
    }
    return GST_MINI_OBJECT_CAST(event);
  }
  Entry entry = std::move(entries_.front());
  entries_.pop_front();
  bytes_ -= entry.size;
  if (entry.key) --keys_;
  if (keep_) Keep(entry);
  GstBuffer* buffer = entry.buffer;
  if (discont_) {
    discont_ = false;
    buffer = gst_buffer_make_writable(buffer);
    GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  }
  return GST_MINI_OBJECT_CAST(buffer);
}

GstClockTime GopQueue::time() const {
  if (entries_.empty()) return 0;
  const GstClockTime oldest = entries_.front().place;
  const GstClockTime newest = entries_.back().place;
  return newest > oldest ? newest - oldest : 0;
}

bool GopQueue::Over() const {
  return !entries_.empty() && (bytes_ > limits_.bytes || time() > limits_.time ||
                               entries_.size() > kMaxBuffers || events_ > kMaxEvents);
}

/// Whether the first GOP, which is not the newest, is older than what is kept while closed.
bool GopQueue::FirstIsOld(GstClockTime newest) const {
  return limits_.keep == 0 || newest >= entries_.front().place + limits_.keep;
}

/// Drops the first GOP, or what is left of it, and keeps its events for what follows.
void GopQueue::DropOldest(GstClockTime now) {
  EventRun events;
  do {
    Entry& entry = entries_.front();
    events.Append(std::move(entry.before));
    bytes_ -= entry.size;
    if (entry.key) --keys_;
    if (open_) drops_.Add(entry.buffer, now);
    gst_buffer_unref(entry.buffer);
    entries_.pop_front();
  } while (!entries_.empty() && !entries_.front().key);

  EventRun& next = entries_.empty() ? tail_ : entries_.front().before;
  events.Append(std::move(next));
  events_ -= events.size();
  events.Collapse(kMaxEvents / 2);
  events_ += events.size();
  next = std::move(events);
  discont_ = true;
  if (!entries_.empty()) return;
  wait_ = open_ ? Wait::kLost : Wait::kQuiet;
  ForgetKept();  // it would have a hole
}

/// Remembers what is taken, if it belongs to the newest GOP.
void GopQueue::Keep(const Entry& entry) {
  if (entry.key && keys_ == 0) {
    ForgetKept();
    kept_tail_ = in_force_.Copy();
    kept_events_ = kept_tail_.size();
  } else if (kept_.empty()) {
    return;
  }
  kept_.push_back(
      {gst_buffer_ref(entry.buffer), std::move(kept_tail_), entry.size, entry.place, entry.key});
  kept_bytes_ += entry.size;
}

/// The kept copy of what has left makes room before anything is lost.
void GopQueue::ForgetKeptIfOver() {
  if (kept_.empty()) return;
  const GstClockTime newest = (entries_.empty() ? kept_ : entries_).back().place;
  if (kept_bytes_ + bytes_ > limits_.bytes || kept_.size() + entries_.size() > kMaxBuffers ||
      newest > kept_.front().place + limits_.time || kept_events_ > kMaxEvents) {
    ForgetKept();
  }
}

/// Puts what was taken of the newest GOP back in front.
void GopQueue::Rewind() {
  if (kept_.empty()) return;
  EventRun& next = entries_.empty() ? tail_ : entries_.front().before;
  kept_tail_.Append(std::move(next));
  next = std::move(kept_tail_);
  entries_.insert(entries_.begin(), std::make_move_iterator(kept_.begin()),
                  std::make_move_iterator(kept_.end()));
  bytes_ += kept_bytes_;
  events_ += kept_events_;
  ++keys_;
  kept_.clear();
  kept_bytes_ = 0;
  kept_events_ = 0;
}

void GopQueue::ForgetKept() {
  for (Entry& entry : kept_) gst_buffer_unref(entry.buffer);
  kept_.clear();
  kept_tail_.Clear();
  kept_bytes_ = 0;
  kept_events_ = 0;
}

void GopQueue::CollapseTail() {
  events_ -= tail_.size();
  tail_.Collapse(kMaxEvents / 2);
  events_ += tail_.size();
}

}  // namespace ronin_plugin
