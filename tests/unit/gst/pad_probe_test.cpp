// SPDX-License-Identifier: MIT
#include "gst/pad_probe.h"

#include <memory>
#include <utility>

#include <gtest/gtest.h>

namespace ronin::gst {
namespace {

class PadProbeTest : public ::testing::Test {
 protected:
  void SetUp() override { gst_pad_set_active(pad_.Get(), TRUE); }
  void TearDown() override { gst_pad_set_active(pad_.Get(), FALSE); }

  /// Something passes the pad. It goes nowhere then, which is no error here.
  void Pass() {
    gst_pad_push_event(pad_.Get(), gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_OOB,
                                                        gst_structure_new_empty("test")));
  }

  PadProbe Count(int& count) {
    return {pad_, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, [&count](GstPad*, GstPadProbeInfo*) {
              ++count;
              return GST_PAD_PROBE_OK;
            }};
  }

  const GRef<GstPad> pad_ = Share(gst_pad_new("src", GST_PAD_SRC));
};

TEST_F(PadProbeTest, SeesWhatPassesUntilItIsDestroyed) {
  int seen = 0;
  {
    const PadProbe probe = Count(seen);
    EXPECT_TRUE(probe.active());
    Pass();
    Pass();
  }

  Pass();

  EXPECT_EQ(seen, 2);
}

TEST_F(PadProbeTest, SeesNothingAfterItIsRemoved) {
  int seen = 0;
  PadProbe probe = Count(seen);

  probe.Remove();
  Pass();

  EXPECT_EQ(seen, 0);
  EXPECT_FALSE(probe.active());
}

TEST_F(PadProbeTest, IsOneProbeHoweverOftenItMoves) {
  int seen = 0;
  PadProbe first = Count(seen);
  PadProbe second = std::move(first);
  PadProbe third;
  third = std::move(second);

  Pass();

  EXPECT_EQ(seen, 1);
  EXPECT_FALSE(second.active());  // NOLINT(bugprone-use-after-move): that is the question
  EXPECT_TRUE(third.active());
}

TEST_F(PadProbeTest, TheOneItReplacesIsRemoved) {
  int old_seen = 0;
  int seen = 0;
  PadProbe probe = Count(old_seen);

  probe = Count(seen);
  Pass();

  EXPECT_EQ(old_seen, 0);
  EXPECT_EQ(seen, 1);
}

TEST_F(PadProbeTest, ItsCallbackMayRemoveItAndKeepsWhatItOwns) {
  const auto owned = std::make_shared<int>(0);
  PadProbe probe;
  probe = {pad_, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, [owned, &probe](GstPad*, GstPadProbeInfo*) {
             probe.Remove();
             ++*owned;
             return GST_PAD_PROBE_OK;
           }};

  Pass();
  Pass();

  EXPECT_EQ(*owned, 1);
  EXPECT_EQ(owned.use_count(), 1) << "the callback is gone with the probe";
}

}  // namespace
}  // namespace ronin::gst
