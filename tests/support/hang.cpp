// SPDX-License-Identifier: MIT
#include "support/hang.h"

struct _RoninTestHang {
  GstElement parent;
  std::shared_ptr<ronin::testing::Hang::Gate>* gate;
};

G_DECLARE_FINAL_TYPE(RoninTestHang, ronin_test_hang, RONIN, TEST_HANG, GstElement)
G_DEFINE_TYPE(RoninTestHang, ronin_test_hang, GST_TYPE_ELEMENT)

static GstStateChangeReturn ronin_test_hang_change_state(GstElement* element,
                                                         GstStateChange change) {
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY) (*RONIN_TEST_HANG(element)->gate)->Pass();
  return GST_ELEMENT_CLASS(ronin_test_hang_parent_class)->change_state(element, change);
}

static void ronin_test_hang_finalize(GObject* object) {
  delete RONIN_TEST_HANG(object)->gate;
  G_OBJECT_CLASS(ronin_test_hang_parent_class)->finalize(object);
}

static void ronin_test_hang_init(RoninTestHang*) {}

static void ronin_test_hang_class_init(RoninTestHangClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = ronin_test_hang_finalize;
  GST_ELEMENT_CLASS(klass)->change_state = ronin_test_hang_change_state;
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Hang", "Generic",
                                        "Hangs when it is to leave PAUSED", "The tests");
}

namespace ronin::testing {

void Hang::Gate::Pass() {
  std::unique_lock lock(mutex);
  ++hanging;
  wake.wait(lock, [this] { return open; });
  --hanging;
}

GRef<GstElement> Hang::Element() {
  auto* made = RONIN_TEST_HANG(g_object_new(ronin_test_hang_get_type(), nullptr));
  made->gate = new std::shared_ptr<Gate>(gate_);
  return Share(GST_ELEMENT(made));
}

void Hang::Enter(GstElement* pipeline) {
  const GRef<GstElement> element = Element();
  gst_bin_add(GST_BIN(pipeline), element.Get());
  gst_element_sync_state_with_parent(element.Get());
}

void Hang::Block(GstPad* pad) {
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo*, gpointer gate) noexcept {
        (*static_cast<std::shared_ptr<Gate>*>(gate))->Pass();
        return GST_PAD_PROBE_OK;
      },
      new std::shared_ptr<Gate>(gate_),
      [](gpointer gate) noexcept { delete static_cast<std::shared_ptr<Gate>*>(gate); });
}

int Hang::hanging() const {
  std::lock_guard lock(gate_->mutex);
  return gate_->hanging;
}

void Hang::LetGo() {
  {
    std::lock_guard lock(gate_->mutex);
    gate_->open = true;
  }
  gate_->wake.notify_all();
}

}  // namespace ronin::testing
