// SPDX-License-Identifier: MIT
#include "recording_pad.h"

#include <algorithm>

#include "base/g_ref.h"

namespace ronin::testing {
namespace {

GstStaticPadTemplate any_template =
    GST_STATIC_PAD_TEMPLATE("recording", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

std::string Name(GstEvent* event) {
  const std::string name = GST_EVENT_TYPE_NAME(event);
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event, &caps);
      return name + "=" + gst_structure_get_name(gst_caps_get_structure(caps, 0));
    }
    case GST_EVENT_TAG: {
      GstTagList* tags = nullptr;
      gst_event_parse_tag(event, &tags);
      GCharPtr title;
      gst_tag_list_get_string(tags, GST_TAG_TITLE, Out(title));
      return name + "=" + (title ? title.get() : "");
    }
    case GST_EVENT_CUSTOM_DOWNSTREAM:
    case GST_EVENT_CUSTOM_DOWNSTREAM_OOB:
      return gst_structure_get_name(gst_event_get_structure(event));
    default:
      return name;
  }
}

}  // namespace

RecordingPad::RecordingPad() : pad_(gst_pad_new_from_static_template(&any_template, "recording")) {
  gst_object_ref_sink(pad_);
  gst_pad_set_element_private(pad_, this);
  gst_pad_set_chain_function(pad_, Chain);
  gst_pad_set_event_function(pad_, Event);
  gst_pad_set_active(pad_, TRUE);
}

RecordingPad::~RecordingPad() {
  Release();
  if (GstPad* peer = gst_pad_get_peer(pad_); peer != nullptr) {
    gst_pad_unlink(peer, pad_);
    gst_object_unref(peer);
  }
  gst_pad_set_active(pad_, FALSE);
  gst_object_unref(pad_);
}

void RecordingPad::Hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void RecordingPad::Release() {
  const std::lock_guard lock(mutex_);
  held_ = false;
  changed_.notify_all();
}

void RecordingPad::Answer(GstFlowReturn result) {
  const std::lock_guard lock(mutex_);
  answer_ = result;
}

bool RecordingPad::WaitFor(const std::string& entry) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), [&] {
    return std::find(entries_.begin(), entries_.end(), entry) != entries_.end();
  });
}

std::string RecordingPad::AllUntilEos() {
  WaitFor("eos");
  return All();
}

std::string RecordingPad::BuffersUntilEos() {
  WaitFor("eos");
  return Join(false);
}

std::string RecordingPad::All() { return Join(true); }

std::string RecordingPad::Join(bool events) {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const std::string& entry : entries_) {
    if (!events && (entry[0] < '0' || entry[0] > '9')) continue;
    out += (out.empty() ? "" : " ") + entry;
  }
  return out;
}

void RecordingPad::Write(const std::string& entry) {
  entries_.push_back(entry);
  changed_.notify_all();
}

GstFlowReturn RecordingPad::Chain(GstPad* pad, GstObject*, GstBuffer* buffer) noexcept {
  auto* self = static_cast<RecordingPad*>(gst_pad_get_element_private(pad));
  std::unique_lock lock(self->mutex_);
  self->Write(std::to_string(GST_BUFFER_OFFSET(buffer)) +
              (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT) ? "!" : ""));
  gst_buffer_unref(buffer);
  self->changed_.wait(lock, [&] { return !self->held_ || self->flushing_; });
  return self->flushing_ ? GST_FLOW_FLUSHING : self->answer_;
}

gboolean RecordingPad::Event(GstPad* pad, GstObject*, GstEvent* event) noexcept {
  auto* self = static_cast<RecordingPad*>(gst_pad_get_element_private(pad));
  const std::lock_guard lock(self->mutex_);
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_START) self->flushing_ = true;
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP) self->flushing_ = false;
  self->Write(Name(event));
  gst_event_unref(event);
  return TRUE;
}

}  // namespace ronin::testing
