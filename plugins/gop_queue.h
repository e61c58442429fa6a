// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>

#include <gst/gst.h>

#include "drop_report.h"
#include "event_run.h"
#include "queue_time.h"

namespace ronin_plugin {

/// Buffers and events on their way through roningopqueue, in order, and which of them go when
/// there is too much: whole GOPs, the oldest first. A GOP is a buffer without DELTA_UNIT and all
/// with it that follow; of one that has partly left, the rest is dropped in one piece. So what
/// comes out begins with a keyframe, goes on without a hole, and after a hole begins again with a
/// keyframe that is flagged DISCONT.
///
/// While it is closed nobody takes what is in it. Then a queue that keeps holds just the newest
/// GOP, from its keyframe on, and before it what `Limits::keep` allows; any other holds no buffers.
/// Neither counts that as dropped.
///
/// Times are ns of the monotonic clock. Not thread-safe: the element's mutex guards it. No call
/// blocks or calls out.
class GopQueue {
 public:
  struct Limits {
    guint64 bytes = 48U << 20;
    GstClockTime time = 10 * GST_SECOND;
    GstClockTime keep = 0;  ///< while closed: older GOPs that are not this old yet are held, too
  };

  GopQueue() = default;
  ~GopQueue() { Restart(false); }
  GopQueue(const GopQueue&) = delete;
  GopQueue& operator=(const GopQueue&) = delete;

  /// What is beyond them is dropped at once, so that a queue can be told to let go of what it has.
  void SetLimits(const Limits& limits, GstClockTime now);
  const Limits& limits() const { return limits_; }

  /// Forgets everything and is closed.
  ///
  /// @param keep  whether the newest GOP is held for who comes later
  void Restart(bool keep);
  /// From now on nothing is held for who comes later, and what is held for that is forgotten.
  void StopKeeping();
  /// Forgets buffers and what a flush ends; sticky events stay. Does not open or close.
  void Flush();

  void Open() { open_ = true; }
  /// What was taken of the newest GOP is put back if it is kept. Has no effect when closed.
  void Close(GstClockTime now);
  bool is_open() const { return open_; }

  /// Take the reference. A buffer may be dropped at once.
  void PushBuffer(GstBuffer* buffer, GstClockTime now);
  void PushEvent(GstEvent* event, GstClockTime now);
  /// In front of all that waits: for events that are not serialized. Lost when closed.
  void PushEventFirst(GstEvent* event);

  bool empty() const { return entries_.empty() && tail_.empty(); }
  /// The next buffer or event, with its reference; there must be one.
  GstMiniObject* Pop();

  guint64 bytes() const { return bytes_; }
  guint64 buffers() const { return entries_.size(); }
  /// Time between the oldest and the newest buffer.
  GstClockTime time() const;
  DropReport& drops() { return drops_; }

 private:
  /// What happens to delta units.
  enum class Wait {
    kNo,     ///< they belong to the GOP that is coming in
    kQuiet,  ///< the stream was joined in the middle of a GOP: nothing is lost
    kLost,   ///< the beginning of their GOP was dropped, so they are, too
  };
  struct Entry {
    GstBuffer* buffer;   ///< owned by who holds the entry
    EventRun before;     ///< events in front of it
    guint64 size;        ///< bytes
    GstClockTime place;  ///< by QueueTime
    bool key;
  };

  bool Over() const;
  bool FirstIsOld(GstClockTime newest) const;
  void DropOldest(GstClockTime now);
  void Keep(const Entry& entry);
  void Rewind();
  void ForgetKept();
  void ForgetKeptIfOver();
  void CollapseTail();

  Limits limits_;
  bool keep_ = false;
  bool open_ = false;
  bool discont_ = true;  ///< the next buffer out follows a hole
  Wait wait_ = Wait::kQuiet;

  std::deque<Entry> entries_;
  EventRun tail_;      ///< events behind the last buffer
  guint64 bytes_ = 0;  ///< of `entries_`
  size_t keys_ = 0;    ///< keyframes in `entries_`
  size_t events_ = 0;  ///< in `entries_` and `tail_`

  std::deque<Entry> kept_;  ///< what was taken of the newest GOP, from its keyframe on
  EventRun kept_tail_;      ///< events taken behind the last of `kept_`
  guint64 kept_bytes_ = 0;
  size_t kept_events_ = 0;
  EventRun in_force_;  ///< sticky events that were taken

  QueueTime clock_;
  DropReport drops_;
};

}  // namespace ronin_plugin
