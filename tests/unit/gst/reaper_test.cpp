// SPDX-License-Identifier: MIT
#include "gst/reaper.h"

#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "gst/element.h"

namespace ronin::gst {
namespace {

GRef<GstElement> ReadyElement() {
  GRef<GstElement> element = MakeElement("fakesink", "").value();
  EXPECT_EQ(gst_element_set_state(element.Get(), GST_STATE_READY), GST_STATE_CHANGE_SUCCESS);
  return element;
}

TEST(Reaper, EndsTheElementAndThenSaysSoOnItsOwnThread) {
  const GRef<GstElement> element = ReadyElement();
  std::promise<GstState> state;
  std::thread::id where;
  Reaper reaper;

  reaper.Retire(element, [&] {
    where = std::this_thread::get_id();
    state.set_value(GST_STATE(element.Get()));
  });

  EXPECT_EQ(state.get_future().get(), GST_STATE_NULL);
  EXPECT_NE(where, std::this_thread::get_id());
}

TEST(Reaper, DropsTheElementBeforeItSaysSo) {
  GRef<GstElement> element = ReadyElement();
  std::atomic<bool> gone{false};
  bool gone_before_done = false;
  g_object_weak_ref(
      G_OBJECT(element.Get()),
      [](gpointer data, GObject*) noexcept { *static_cast<std::atomic<bool>*>(data) = true; },
      &gone);
  {
    Reaper reaper;
    reaper.Retire(std::move(element), [&] { gone_before_done = gone; });
  }

  EXPECT_TRUE(gone_before_done);
}

TEST(Reaper, WaitsInItsDestructorForAllThatWereHandedOver) {
  constexpr int kElements = 20;
  int done = 0;  // without a lock: the destructor joins the thread that counts
  std::promise<void> go;
  std::thread later;
  {
    Reaper reaper;
    reaper.Retire(ReadyElement(), [opened = go.get_future().share()] { opened.wait(); });
    for (int i = 0; i < kElements; ++i) reaper.Retire(ReadyElement(), [&done] { ++done; });
    EXPECT_EQ(done, 0);
    later = std::thread([&go] { go.set_value(); });
  }
  later.join();

  EXPECT_EQ(done, kElements);
}

TEST(Reaper, CallsElsewhereWithAnElementThatIsAlive) {
  GRef<GstElement> element = ReadyElement();
  std::promise<GstState> state;
  std::thread::id where;

  Reaper::CallAsync(element.Get(), [&](GstElement* target) {
    where = std::this_thread::get_id();
    gst_element_set_state(target, GST_STATE_NULL);
    state.set_value(GST_STATE(target));
  });
  element.Reset();

  EXPECT_EQ(state.get_future().get(), GST_STATE_NULL);
  EXPECT_NE(where, std::this_thread::get_id());
}

}  // namespace
}  // namespace ronin::gst
