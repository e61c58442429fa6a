// SPDX-License-Identifier: MIT
#include "camera/password_tries.h"

#include <gtest/gtest.h>

#include "camera/rtsp_pipeline.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;
using State = PasswordUse::State;
using Use = std::shared_ptr<PasswordUse>;

const MonoTime kBegin{Micros(1'000'000'000)};
const RtspSource kSource{.url = "rtsp://192.0.2.1/main", .username = "admin", .password = "wrong"};

class PasswordTriesTest : public ::testing::Test {
 protected:
  /// A connection that comes to `state`.
  Use Try(const RtspSource& source, State state, MonoTime at) {
    auto use = std::make_shared<PasswordUse>();
    const bool sent =
        state != State::kPending && state != State::kEnded && state != State::kNotNeeded;
    if (sent) {
      EXPECT_TRUE(use->Send());
    }
    if (state == State::kRefused) use->Refused();
    if (state == State::kAccepted) use->Accepted(true);
    if (state == State::kNotNeeded) use->Accepted(true);
    if (state == State::kUnanswered || state == State::kEnded) use->Ended();
    EXPECT_EQ(use->state(), state);
    tries_.Began(source, use, at);
    return use;
  }
  void Refuse(int times, MonoTime at = kBegin) {
    for (int i = 0; i < times; ++i) Try(kSource, State::kRefused, at);
  }

  PasswordTries tries_;
};

TEST_F(PasswordTriesTest, AfterThreeRefusalsItWaitsUntilTheFirstIsFiveMinutesOld) {
  Refuse(1, kBegin);
  Refuse(1, kBegin + 100s);
  EXPECT_EQ(tries_.Wait(kSource, kBegin + 110s), 0ms);
  Refuse(1, kBegin + 120s);

  EXPECT_EQ(tries_.Wait(kSource, kBegin + 121s), PasswordTries::kWindow - 121s);
  EXPECT_EQ(tries_.Wait(kSource, kBegin + 300s), 1s);
  EXPECT_EQ(tries_.Wait(kSource, kBegin + PasswordTries::kWindow), 0ms);
}

TEST_F(PasswordTriesTest, AnotherPathIsTheSamePasswordAnotherPasswordUserHostOrPortIsNot) {
  Refuse(3);
  RtspSource other = kSource;
  other.url = "rtsp://192.0.2.1/sub";
  EXPECT_GT(tries_.Wait(other, kBegin), 0ms);
  for (const char* url : {"rtsp://192.0.2.1:555/main", "rtsp://192.0.2.2/main"}) {
    other.url = url;
    EXPECT_EQ(tries_.Wait(other, kBegin), 0ms) << url;
  }
  other = kSource;
  other.password = "right";
  EXPECT_EQ(tries_.Wait(other, kBegin), 0ms);
  other = kSource;
  other.username = "root";
  EXPECT_EQ(tries_.Wait(other, kBegin), 0ms);
}

TEST_F(PasswordTriesTest, RefusalsBeforeOneThatWasAcceptedCountNoMore) {
  Refuse(3);
  Try(kSource, State::kAccepted, kBegin + 1s);
  EXPECT_EQ(tries_.Wait(kSource, kBegin + 2s), 0ms);

  Refuse(2, kBegin + 3s);
  EXPECT_EQ(tries_.Wait(kSource, kBegin + 4s), 0ms);
  Refuse(1, kBegin + 5s);
  EXPECT_GT(tries_.Wait(kSource, kBegin + 6s), PasswordTries::kSoon);
}

TEST_F(PasswordTriesTest, OneThatWasNeverAnsweredCountsBesideRefusalsOnly) {
  for (int i = 0; i < 5; ++i) Try(kSource, State::kUnanswered, kBegin);
  EXPECT_EQ(tries_.Wait(kSource, kBegin), 0ms);

  Refuse(1);

  EXPECT_GT(tries_.Wait(kSource, kBegin), PasswordTries::kSoon);
}

TEST_F(PasswordTriesTest, OnlyThreeAreUnderWayUntilItIsKnownToBeRight) {
  const Use first = Try(kSource, State::kPending, kBegin);
  Try(kSource, State::kSent, kBegin);
  EXPECT_EQ(tries_.Wait(kSource, kBegin), 0ms);
  Try(kSource, State::kPending, kBegin);
  EXPECT_EQ(tries_.Wait(kSource, kBegin), PasswordTries::kSoon);

  EXPECT_TRUE(first->Send());
  first->Accepted(true);

  EXPECT_EQ(tries_.Wait(kSource, kBegin), 0ms);
  for (int i = 0; i < 5; ++i) Try(kSource, State::kPending, kBegin);
  EXPECT_EQ(tries_.Wait(kSource, kBegin), 0ms);
}

TEST_F(PasswordTriesTest, AConnectionThatWasGivenUpSendsItNoMore) {
  const Use use = Try(kSource, State::kPending, kBegin);
  use->Ended();
  EXPECT_FALSE(use->Send());
  EXPECT_EQ(use->state(), State::kEnded);

  const Use late = Try(kSource, State::kUnanswered, kBegin);
  late->Refused();
  EXPECT_EQ(late->state(), State::kRefused);
}

TEST_F(PasswordTriesTest, NoPasswordAndOneThatNobodyWantsCountNothing) {
  RtspSource open = kSource;
  open.username.clear();
  for (int i = 0; i < 5; ++i) {
    Try(open, State::kPending, kBegin);
    Try(kSource, State::kNotNeeded, kBegin);
    Try(kSource, State::kEnded, kBegin);
  }
  EXPECT_EQ(tries_.Wait(open, kBegin), 0ms);
  EXPECT_EQ(tries_.Wait(kSource, kBegin), 0ms);
}

TEST_F(PasswordTriesTest, ASubStreamThatIsRefusedForEverLeavesTheMainOneItsTry) {
  constexpr size_t kOfSub = PasswordTries::kMost - 1;
  for (auto at = kBegin; at < kBegin + 1000s; at += 50s) {
    if (tries_.Wait(kSource, at, kOfSub) == 0ms) Try(kSource, State::kRefused, at);
    EXPECT_EQ(tries_.Wait(kSource, at), 0ms);
  }
}

}  // namespace
}  // namespace ronin::camera
