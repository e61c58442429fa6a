// SPDX-License-Identifier: MIT
#include "event_run.h"

#include <algorithm>
#include <utility>

namespace ronin_plugin {
namespace {

// GStreamer's own macros mix two enumerations, which C++20 deprecates.
bool Has(const GstEvent* event, GstEventTypeFlags flag) {
  return (int(GST_EVENT_TYPE(event)) & int(flag)) != 0;
}

bool IsSticky(const GstEvent* event) { return Has(event, GST_EVENT_TYPE_STICKY); }

/// Several of this type can be in force, told apart by name: tags and custom events.
bool IsMulti(const GstEvent* event) { return Has(event, GST_EVENT_TYPE_STICKY_MULTI); }

bool Replaces(GstEvent* newer, GstEvent* older) {
  if (GST_EVENT_TYPE(newer) != GST_EVENT_TYPE(older)) return false;
  if (!IsMulti(newer)) return true;
  return gst_event_has_name(older, gst_structure_get_name(gst_event_get_structure(newer))) != FALSE;
}

}  // namespace

EventRun& EventRun::operator=(EventRun&& other) noexcept {
  if (this == &other) return *this;
  Clear();
  events_.swap(other.events_);
  return *this;
}

void EventRun::Prepend(GstEvent* event) {
  const auto serialized = [](const GstEvent* old) { return Has(old, GST_EVENT_TYPE_SERIALIZED); };
  events_.insert(std::find_if(events_.begin(), events_.end(), serialized), event);
}

void EventRun::Append(EventRun other) {
  events_.insert(events_.end(), other.events_.begin(), other.events_.end());
  other.events_.clear();
}

GstEvent* EventRun::TakeFirst() {
  GstEvent* const first = events_.front();
  events_.erase(events_.begin());
  return first;
}

template <typename Predicate>
void EventRun::Remove(Predicate predicate, size_t most) {
  events_.erase(std::remove_if(events_.begin(), events_.end(),
                               [&](GstEvent* event) {
                                 if (most == 0 || !predicate(event)) return false;
                                 --most;
                                 gst_event_unref(event);
                                 return true;
                               }),
                events_.end());
}

void EventRun::PutInForce(GstEvent* event) {
  if (!IsSticky(event)) return;
  if (GST_EVENT_TYPE(event) == GST_EVENT_STREAM_START) {
    Remove([](GstEvent* old) { return GST_EVENT_TYPE(old) == GST_EVENT_EOS; }, 1);
  }
  for (GstEvent*& old : events_) {
    if (!Replaces(event, old)) continue;
    gst_event_replace(&old, event);
    return;
  }
  events_.push_back(gst_event_ref(event));
}

EventRun EventRun::Copy() const {
  EventRun out;
  for (GstEvent* event : events_) out.Append(gst_event_ref(event));
  return out;
}

void EventRun::Collapse(size_t most) {
  EventRun out;
  for (GstEvent* event : events_) {
    if (IsSticky(event)) {
      out.PutInForce(event);
    } else if (GST_EVENT_TYPE(event) != GST_EVENT_GAP) {
      out.Append(gst_event_ref(event));
    }
  }
  if (out.size() > most) {
    out.Remove([](GstEvent* event) { return !IsSticky(event) || IsMulti(event); },
               out.size() - most);
  }
  *this = std::move(out);
}

void EventRun::Flush() {
  Collapse(size());
  Remove(
      [](GstEvent* event) {
        return !IsSticky(event) || GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT ||
               GST_EVENT_TYPE(event) == GST_EVENT_EOS;
      },
      size());
}

void EventRun::Clear() {
  for (GstEvent* event : events_) gst_event_unref(event);
  events_.clear();
}

}  // namespace ronin_plugin
