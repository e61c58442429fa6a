// SPDX-License-Identifier: MIT
#include "camera/rtsp_ending.h"

#include <future>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "gst/element.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

/// So long nothing happens that must not; and so short that it does when only a limit ends it.
constexpr auto kSilence = 100ms;
constexpr auto kLong = std::chrono::milliseconds(60s);

/// A pipeline whose rtspsrc tells what the test says, and its connection.
class RtspEndingTest : public ::testing::Test {
 protected:
  RtspEndingTest() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    camera_ = UniqueFd(ends[0]);
    ours_ = UniqueFd(ends[1]);
    meter_.Follow(UniqueFd(dup(ours_.Get())));
    gst_element_set_state(pipeline_.Get(), GST_STATE_PAUSED);
  }
  ~RtspEndingTest() override { gst_element_set_state(pipeline_.Get(), GST_STATE_NULL); }

  void Tell(RtspEnding& ending, GstProgressType type, const char* code) {
    const auto message =
        Adopt(gst_message_new_progress(GST_OBJECT(pipeline_.Get()), type, code, "said"));
    ending.Heard(message.Get());
  }
  std::future<void> End(RtspEnding& ending) {
    return std::async(std::launch::async, [&] { ending.End(pipeline_.Get(), meter_); });
  }
  GstState State() {
    GstState state = GST_STATE_VOID_PENDING;
    gst_element_get_state(pipeline_.Get(), &state, nullptr, 0);
    return state;
  }
  /// Waits until somebody has shut it down.
  void AwaitShutDown() {
    char c = 0;
    EXPECT_EQ(recv(camera_.Get(), &c, 1, 0), 0);
  }
  bool IsShutDown() {
    char c = 0;
    return recv(camera_.Get(), &c, 1, MSG_DONTWAIT) == 0;
  }

  UniqueFd camera_;
  UniqueFd ours_;
  SocketMeter meter_;
  GRef<GstElement> pipeline_ = gst::MakeElement("identity", "").value();
};

TEST_F(RtspEndingTest, WhatDoesNothingIsEndedAtOnceAndItsConnectionLeftAlone) {
  RtspEnding ending({.teardown = kLong, .thread = kLong});
  Tell(ending, GST_PROGRESS_TYPE_START, "open");
  Tell(ending, GST_PROGRESS_TYPE_COMPLETE, "open");
  Tell(ending, GST_PROGRESS_TYPE_START, "request");

  ending.End(pipeline_.Get(), meter_);

  EXPECT_EQ(State(), GST_STATE_READY);
  EXPECT_FALSE(IsShutDown());
}

TEST_F(RtspEndingTest, AnOpeningIsEndedByItsConnectionBeforeTheStateChanges) {
  RtspEnding ending({.teardown = kLong, .thread = kLong});
  Tell(ending, GST_PROGRESS_TYPE_START, "open");

  const auto ended = End(ending);
  AwaitShutDown();
  EXPECT_EQ(ended.wait_for(kSilence), std::future_status::timeout);
  EXPECT_EQ(State(), GST_STATE_PAUSED);
  Tell(ending, GST_PROGRESS_TYPE_ERROR, "open");

  EXPECT_EQ(ended.wait_for(kLong), std::future_status::ready);
  EXPECT_EQ(State(), GST_STATE_READY);
}

TEST_F(RtspEndingTest, AnOpeningThatNothingEndsIsWaitedForNoLongerThanItsLimit) {
  RtspEnding ending({.teardown = kLong, .thread = 1ms});
  Tell(ending, GST_PROGRESS_TYPE_START, "open");

  ending.End(pipeline_.Get(), meter_);

  EXPECT_EQ(State(), GST_STATE_READY);
}

TEST_F(RtspEndingTest, AnOpeningWithoutAConnectionIsNotWaitedFor) {
  RtspEnding ending({.teardown = kLong, .thread = kLong});
  Tell(ending, GST_PROGRESS_TYPE_START, "open");
  meter_.Follow({});

  ending.End(pipeline_.Get(), meter_);

  EXPECT_EQ(State(), GST_STATE_READY);
}

TEST_F(RtspEndingTest, TheWayFromUdpToTcpIsAnOpeningUntilItPlays) {
  RtspEnding ending({.teardown = kLong, .thread = kLong});
  ending.Sends(GST_RTSP_PLAY);
  ending.Sends(GST_RTSP_TEARDOWN);

  const auto ended = End(ending);
  AwaitShutDown();
  EXPECT_EQ(ended.wait_for(kSilence), std::future_status::timeout);
  ending.Sends(GST_RTSP_PLAY);

  EXPECT_EQ(ended.wait_for(kLong), std::future_status::ready);
}

TEST_F(RtspEndingTest, AnAnswerToTheTeardownIsWaitedForAndThenTheConnectionShutDown) {
  RtspEnding ending({.teardown = 1ms, .thread = kLong});
  Tell(ending, GST_PROGRESS_TYPE_START, "close");
  ending.Sends(GST_RTSP_TEARDOWN);

  const auto ended = End(ending);
  AwaitShutDown();
  EXPECT_EQ(State(), GST_STATE_READY);
  EXPECT_EQ(ended.wait_for(kSilence), std::future_status::timeout);
  Tell(ending, GST_PROGRESS_TYPE_CANCELED, "close");

  EXPECT_EQ(ended.wait_for(kLong), std::future_status::ready);
}

TEST_F(RtspEndingTest, AConnectionThatTakesThePlaceOfOneShutDownIsShutDownToo) {
  meter_.End();
  AwaitShutDown();
  int ends[2] = {-1, -1};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  camera_ = UniqueFd(ends[0]);

  meter_.Follow(UniqueFd(ends[1]));

  EXPECT_TRUE(IsShutDown());
}

}  // namespace
}  // namespace ronin::camera
