// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include <gst/gst.h>

namespace ronin_plugin {

/// Serialized events in the order in which they came, between two buffers. Owns them.
/// Not thread-safe; movable only.
class EventRun {
 public:
  EventRun() = default;
  ~EventRun() { Clear(); }
  EventRun(EventRun&& other) noexcept : events_(std::move(other.events_)) { other.events_.clear(); }
  EventRun& operator=(EventRun&& other) noexcept;
  EventRun(const EventRun&) = delete;
  EventRun& operator=(const EventRun&) = delete;

  bool empty() const { return events_.empty(); }
  size_t size() const { return events_.size(); }

  /// Adds an event at the end. Takes the reference.
  void Append(GstEvent* event) { events_.push_back(event); }
  /// Adds an event that is not serialized in front of all that are. Takes the reference.
  void Prepend(GstEvent* event);
  /// Adds all of `other` at the end.
  void Append(EventRun other);

  /// The first event, with its reference; there must be one.
  GstEvent* TakeFirst();

  /// Remembers what is in force after `event`: the newest sticky event of each kind.
  void PutInForce(GstEvent* event);
  /// A run of the same events.
  EventRun Copy() const;

  /// Leaves out what means nothing any more when no buffer is left between these events: gaps,
  /// sticky events that a later one replaces (it takes the place of the first, because CAPS must
  /// stay in front of SEGMENT), and the end of a stream that was followed by another. When there
  /// are still more than `most`, the oldest go that are not needed to understand the stream.
  void Collapse(size_t most);
  /// What a flush leaves: sticky events, but for SEGMENT and EOS.
  void Flush();
  void Clear();

 private:
  template <typename Predicate>
  void Remove(Predicate predicate, size_t most);

  std::vector<GstEvent*> events_;  ///< owned
};

}  // namespace ronin_plugin
