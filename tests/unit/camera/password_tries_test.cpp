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
  Use Try(const RtspSource& source, State state, MonoTime at) {
    auto use = std::make_shared<PasswordUse>();
    use->state = state;
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

TEST_F(PasswordTriesTest, OneThatIsAcceptedCountsNoMore) {
  Refuse(3);
  const Use use = Try(kSource, State::kAccepted, kBegin + 1s);

  EXPECT_EQ(tries_.Wait(kSource, kBegin + 2s), 0ms);
  use->state = State::kRefused;  // it is known no more
  EXPECT_EQ(tries_.Wait(kSource, kBegin + 2s), 0ms);
}

TEST_F(PasswordTriesTest, OneThatWasNeverAnsweredCountsBesideRefusalsOnly) {
  for (int i = 0; i < 5; ++i) Try(kSource, State::kSent, kBegin);
  EXPECT_EQ(tries_.Wait(kSource, kBegin), 0ms);

  Refuse(1);

  EXPECT_GT(tries_.Wait(kSource, kBegin), 0ms);
}

TEST_F(PasswordTriesTest, OneThatIsStillUnderWayCountsWhenItIsRefused) {
  Refuse(2);
  const Use use = Try(kSource, State::kNotSent, kBegin);
  EXPECT_EQ(tries_.Wait(kSource, kBegin + 1s), 0ms);

  use->state = State::kRefused;

  EXPECT_GT(tries_.Wait(kSource, kBegin + 1s), 0ms);
}

TEST_F(PasswordTriesTest, NoPasswordAndConnectionsThatAreGoneCountNothing) {
  RtspSource open = kSource;
  open.username.clear();
  for (int i = 0; i < 5; ++i) {
    Try(open, State::kRefused, kBegin);
    Try(kSource, State::kNotSent, kBegin);
  }
  EXPECT_EQ(tries_.Wait(open, kBegin), 0ms);
  EXPECT_EQ(tries_.Wait(kSource, kBegin), 0ms);
}

}  // namespace
}  // namespace ronin::camera
