// SPDX-License-Identifier: MIT
#include "gst/bus_watch.h"

#include <optional>
#include <utility>

#include <gtest/gtest.h>

namespace ronin::gst {
namespace {

class BusWatchTest : public ::testing::Test {
 protected:
  void Post() {
    gst_bus_post(bus_.Get(), gst_message_new_application(nullptr, gst_structure_new_empty("test")));
  }

  /// Runs all that is ready, and waits for nothing.
  static void RunMainLoop() {
    while (g_main_context_iteration(nullptr, FALSE) != FALSE) {
    }
  }

  BusWatch Count(int& count) {
    return {bus_, [&count](GstMessage*) { ++count; }};
  }

  const GRef<GstBus> bus_ = Adopt(gst_bus_new());
};

TEST_F(BusWatchTest, DeliversMessagesOnTheMainLoop) {
  int seen = 0;
  const BusWatch watch = Count(seen);

  Post();
  Post();
  EXPECT_EQ(seen, 0);
  RunMainLoop();

  EXPECT_EQ(seen, 2);
}

TEST_F(BusWatchTest, LeavesWhatElementsTellToWhoListensAtOnce) {
  int seen = 0;
  const BusWatch watch = Count(seen);
  int heard = 0;
  gst_bus_enable_sync_message_emission(bus_.Get());
  g_signal_connect(bus_.Get(), "sync-message::element",
                   G_CALLBACK(+[](GstBus*, GstMessage*, int* count) { ++*count; }), &heard);
  GstMessage* message = gst_message_new_element(nullptr, gst_structure_new_empty("test"));
  bool freed = false;
  gst_mini_object_weak_ref(
      GST_MINI_OBJECT(message),
      [](gpointer flag, GstMiniObject*) { *static_cast<bool*>(flag) = true; }, &freed);

  gst_bus_post(bus_.Get(), message);

  EXPECT_EQ(heard, 1);
  EXPECT_TRUE(freed);
  RunMainLoop();
  EXPECT_EQ(seen, 0);
  gst_bus_disable_sync_message_emission(bus_.Get());
}

TEST_F(BusWatchTest, DeliversNothingAfterItStopped) {
  int seen = 0;
  BusWatch watch = Count(seen);
  Post();

  watch.Stop();
  RunMainLoop();

  EXPECT_EQ(seen, 0);
}

TEST_F(BusWatchTest, LeavesTheBusToAnotherWatchWhenItIsDestroyed) {
  int old_seen = 0;
  int seen = 0;
  { const BusWatch watch = Count(old_seen); }
  const BusWatch watch = Count(seen);

  Post();
  RunMainLoop();

  EXPECT_EQ(old_seen, 0);
  EXPECT_EQ(seen, 1);
}

TEST_F(BusWatchTest, GoesOnWhereItIsMovedTo) {
  int seen = 0;
  BusWatch first = Count(seen);
  BusWatch second;
  second = std::move(first);

  Post();
  RunMainLoop();

  EXPECT_EQ(seen, 1);
}

TEST_F(BusWatchTest, ItsCallbackMayDestroyIt) {
  int seen = 0;
  std::optional<BusWatch> watch;
  watch.emplace(bus_, [&watch, &seen](GstMessage*) {
    watch.reset();
    ++seen;
  });

  Post();
  Post();
  RunMainLoop();

  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace ronin::gst
