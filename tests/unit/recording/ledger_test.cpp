// SPDX-License-Identifier: MIT
#include "recording/ledger.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

#include "config/setting_store.h"
#include "recording/gap_cause.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

const GapCause kNetwork{GapReason::kNetwork, "timeout"};
const GapCause kAuth{GapReason::kAuth, "unauthorized"};
const GapCause kStopped{GapReason::kStopped, ""};
const GapCause kConnecting{GapReason::kCamera, "connecting"};

/// A store whose disk is full now and then.
class LedgerOnAFullDisk : public LedgerStore {
 public:
  explicit LedgerOnAFullDisk(LedgerStore& store) : store_(store) {}
  std::atomic<bool> full{false};
  std::atomic<int> refused{0};

  Status BeginGap(StreamId stream, WallTime start, const GapCause& cause) override {
    return IfRoom([&] { return store_.BeginGap(stream, start, cause); });
  }
  Status EndGap(StreamId stream, WallTime end) override {
    return IfRoom([&] { return store_.EndGap(stream, end); });
  }
  Status AddGaps(const std::vector<GapRecord>& gaps) override {
    return IfRoom([&] { return store_.AddGaps(gaps); });
  }
  Result<std::vector<GapRecord>> Gaps(StreamId stream, WallTime start, WallTime end) override {
    return store_.Gaps(stream, start, end);
  }
  Status TrimGaps(int64_t keep) override {
    return IfRoom([&] { return store_.TrimGaps(keep); });
  }
  Status AddDeleted(const std::vector<DeletedSpan>& spans) override {
    return IfRoom([&] { return store_.AddDeleted(spans); });
  }
  Result<std::optional<GapRecord>> Deleted(StreamId stream) override {
    return store_.Deleted(stream);
  }
  Result<LastRun> FindLastRun() override { return store_.FindLastRun(); }
  Status BeginRun(int64_t run_id, const std::string& boot_id, WallTime now) override {
    return IfRoom([&] { return store_.BeginRun(run_id, boot_id, now); });
  }
  Status Beat(int64_t run_id, WallTime now) override {
    return IfRoom([&] { return store_.Beat(run_id, now); });
  }
  Status EndRun(int64_t run_id, WallTime at) override {
    return IfRoom([&] { return store_.EndRun(run_id, at); });
  }
  Status AddClockStep(int64_t epoch, WallTime before, WallTime after) override {
    return IfRoom([&] { return store_.AddClockStep(epoch, before, after); });
  }

 private:
  template <typename Job>
  Status IfRoom(Job job) {
    if (!full) return job();
    ++refused;
    return Fail(ErrorKind::kNoSpace, "the disk is full");
  }
  LedgerStore& store_;
};

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() { Start("boot-a"); }
  ~LedgerTest() override { database_.Stop(); }

  /// A new run of the recorder.
  void Start(const std::string& boot_id) {
    ledger_.reset();
    Settle();
    LastRun last = stores_.ledger->FindLastRun().value();
    ledger_ = std::make_unique<Ledger>(Ledger::Context{clock_, store_, database_}, std::move(last),
                                       boot_id);
    ledger_->Start();
  }
  /// Waits until all that was written is written.
  void Settle() {
    std::promise<void> done;
    database_.Post([&] { done.set_value(); });
    done.get_future().wait();
  }
  std::vector<GapRecord> Gaps(int64_t camera_id = 1) {
    Settle();
    return stores_.ledger->Gaps(camera_id, {}, clock_.Now() + 10000h).value();
  }
  GapRecord Gap(WallTime start, std::optional<WallTime> end, const GapCause& cause) {
    return {.camera_id = 1, .start = start, .end = end, .cause = cause};
  }
  /// Lets the ledger see the time.
  void Tick() {
    const MonoTime until = real_.Mono() + 1500ms;
    testing::PumpUntil([&] { return real_.Mono() >= until; });
  }
  void Beat() {
    const WallTime now = clock_.Now();
    ASSERT_TRUE(testing::PumpUntil([&] {
      Settle();
      const auto run = stores_.ledger->FindLastRun().value().last;
      return run && run->alive == now;
    }));
  }

  testing::TempDir dir_;
  ConfigStores stores_ = OpenConfigStores(dir_ / "config.db").value();
  LedgerOnAFullDisk store_{*stores_.ledger};
  testing::FakeClock clock_;
  SystemClock real_;
  Worker database_{"catalog"};
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerTest, ExplainsTheTimeBeforeTheFirstFrameOfANewCamera) {
  const WallTime added = clock_.Now();
  ledger_->Expect(1, added, std::nullopt);
  clock_.Advance(2s);
  ledger_->Recorded(1, clock_.Now());

  EXPECT_EQ(Gaps(), (std::vector{Gap(added, added + 2s, kConnecting)}));
}

TEST_F(LedgerTest, WritesAGapDownAtOnceAndEndsItWithTheFirstFrame) {
  ledger_->Expect(1, clock_.Now(), std::nullopt);
  ledger_->Recorded(1, clock_.Now());
  clock_.Advance(60s);
  const WallTime since = clock_.Now() - 4s;

  ledger_->Missing(1, since, kNetwork);

  EXPECT_EQ(Gaps(), (std::vector{Gap(since, std::nullopt, kNetwork)}));
  clock_.Advance(30s);
  ledger_->Missing(1, clock_.Now(), kNetwork);
  ledger_->Recorded(1, clock_.Now() - 1s);
  EXPECT_EQ(Gaps(), (std::vector{Gap(since, clock_.Now() - 1s, kNetwork)}));
}

TEST_F(LedgerTest, EndsAGapAndBeginsTheNextWhenTheReasonChanges) {
  ledger_->Expect(1, clock_.Now(), std::nullopt);
  ledger_->Recorded(1, clock_.Now());
  clock_.Advance(60s);
  const WallTime since = clock_.Now();
  ledger_->Missing(1, since, kNetwork);
  clock_.Advance(10s);
  ledger_->Missing(1, since, kAuth);
  clock_.Advance(10s);
  ledger_->Recorded(1, clock_.Now());

  EXPECT_EQ(Gaps(),
            (std::vector{Gap(since, since + 10s, kNetwork), Gap(since + 10s, since + 20s, kAuth)}));
}

TEST_F(LedgerTest, BeginsAGapWhenFramesStillReachedTheDiskAfterTheCameraWasLost) {
  ledger_->Expect(1, clock_.Now(), std::nullopt);
  clock_.Advance(10s);
  ledger_->Missing(1, clock_.Now(), kNetwork);
  ledger_->Recorded(1, clock_.Now() - 5s);
  ledger_->Ended(1, clock_.Now() - 1s);

  ASSERT_EQ(Gaps().size(), 2U);
  EXPECT_EQ(Gaps()[1], Gap(clock_.Now() - 1s, std::nullopt, kNetwork));
}

TEST_F(LedgerTest, WritesDownWhatIsMissingInsideAFile) {
  ledger_->Lost(1, clock_.Now(), clock_.Now() + 2s, {GapReason::kOverload, ""});
  ledger_->Lost(1, clock_.Now() + 3s, clock_.Now() + 4s, {GapReason::kCamera, ""});

  ASSERT_TRUE(testing::PumpUntil([&] { return Gaps().size() == 2; }));
  EXPECT_TRUE(Gaps()[0].in_file);
}

TEST_F(LedgerTest, WritesDownWhatIsMissingInsideAFileBeforeItEnds) {
  ledger_->Lost(1, clock_.Now(), clock_.Now() + 2s, {GapReason::kOverload, ""});
  ledger_->Close();

  EXPECT_EQ(Gaps().size(), 1U);
}

TEST_F(LedgerTest, WhatAFullDiskDidNotTakeIsWrittenInOrderOnceItCan) {
  ledger_->Expect(1, clock_.Now(), std::nullopt);
  ledger_->Recorded(1, clock_.Now());
  clock_.Advance(60s);
  const WallTime since = clock_.Now();
  Settle();
  store_.full = true;
  ledger_->Missing(1, since, kNetwork);
  clock_.Advance(10s);
  ledger_->Missing(1, since, kAuth);
  clock_.Advance(10s);
  ledger_->Recorded(1, clock_.Now());
  EXPECT_TRUE(Gaps().empty());
  const int refused = store_.refused;
  ASSERT_TRUE(testing::PumpUntil([&] { return store_.refused > refused; })) << "it is tried again";

  store_.full = false;

  const std::vector expected{Gap(since, since + 10s, kNetwork),
                             Gap(since + 10s, since + 20s, kAuth)};
  EXPECT_TRUE(testing::PumpUntil([&] { return Gaps() == expected; }));
}

TEST_F(LedgerTest, WhatAFullDiskDidNotTakeIsTriedOnceMoreAtTheEnd) {
  Settle();
  store_.full = true;
  ledger_->Missing(1, clock_.Now(), kNetwork);
  for (int i = 0; i < 40; ++i) {
    clock_.Advance(1s);
    ledger_->Recorded(1, clock_.Now());
    clock_.Advance(1s);
    ledger_->Missing(1, clock_.Now(), kNetwork);
  }
  Settle();
  store_.full = false;

  ledger_->Close();

  EXPECT_EQ(Gaps().size(), 41U);
  EXPECT_TRUE(stores_.ledger->FindLastRun()->last->clean);
}

TEST_F(LedgerTest, OfWhatAFullDiskNeverTakesTheOldestIsGivenUp) {
  Settle();
  store_.full = true;
  const WallTime first = clock_.Now();
  for (size_t i = 0; i < Ledger::kMost; ++i) {
    ledger_->Missing(1, clock_.Now(), i % 2 == 0 ? kNetwork : kAuth);
    clock_.Advance(1s);
  }
  ledger_->Recorded(1, clock_.Now());
  Settle();
  store_.full = false;

  ledger_->Close();

  const auto gaps = Gaps();
  ASSERT_EQ(gaps.size(), Ledger::kMost - 2) << "the end of the run is written, too";
  EXPECT_GT(gaps.front().start, first);
  EXPECT_EQ(gaps.back().end, clock_.Now());
}

struct TimeOff {
  bool clean;
  const char* boot_id;
  GapReason reason;
};

class LedgerTimeOffTest : public LedgerTest, public ::testing::WithParamInterface<TimeOff> {};

TEST_P(LedgerTimeOffTest, IsSettledAtTheNextStartAndLastsUntilTheFirstFrame) {
  const WallTime created = clock_.Now();
  ledger_->Expect(1, created, std::nullopt);
  ledger_->Recorded(1, clock_.Now());
  clock_.Advance(60s);
  WallTime alive = created;
  if (GetParam().clean) {
    ledger_->Stop();
    alive = clock_.Now();
    clock_.Advance(2s);
    ledger_->Missing(1, clock_.Now(), kStopped);
    ledger_->Ended(1, clock_.Now());
    ledger_->Close();
  }
  clock_.Advance(3600s);

  Start(GetParam().boot_id);
  ledger_->Expect(1, created, std::nullopt);
  clock_.Advance(3s);
  ledger_->Recorded(1, clock_.Now());

  EXPECT_EQ(Gaps(), (std::vector{Gap(alive, clock_.Now(), {GetParam().reason, ""})}));
}

INSTANTIATE_TEST_SUITE_P(Ends, LedgerTimeOffTest,
                         ::testing::Values(TimeOff{true, "boot-a", GapReason::kRestart},
                                           TimeOff{true, "boot-b", GapReason::kRestart},
                                           TimeOff{false, "boot-a", GapReason::kCrash},
                                           TimeOff{false, "", GapReason::kCrash},
                                           TimeOff{false, "boot-b", GapReason::kPower}));

TEST_F(LedgerTest, AStartThatFailsDoesNotHideHowTheRunBeforeItEnded) {
  const WallTime created = clock_.Now();
  ledger_->Expect(1, created, std::nullopt);
  ledger_->Recorded(1, created);
  clock_.Advance(60s);
  ledger_->Close();
  const WallTime stopped = clock_.Now();
  clock_.Advance(60s);
  ledger_ = std::make_unique<Ledger>(Ledger::Context{clock_, store_, database_},
                                     stores_.ledger->FindLastRun().value(), "boot-a");
  clock_.Advance(60s);

  Start("boot-a");
  ledger_->Expect(1, created, std::nullopt);

  EXPECT_EQ(Gaps(), (std::vector{Gap(stopped, std::nullopt, {GapReason::kRestart, ""})}));
}

TEST_F(LedgerTest, CountsEpochsByStepsOfTheClockAlsoOverRuns) {
  EXPECT_EQ(ledger_->EpochOf(clock_.Now()), 0);

  clock_.Step(-1h);
  const WallTime before = clock_.Now() + 1h - 200ms;
  EXPECT_EQ(ledger_->EpochOf(clock_.Now() - 200ms), 1) << "at once";
  EXPECT_EQ(ledger_->EpochOf(before), 0) << "what is told a little late";
  clock_.Step(1s);
  EXPECT_EQ(ledger_->EpochOf(clock_.Now()), 1) << "too little";
  clock_.Step(5s);
  EXPECT_EQ(ledger_->EpochOf(clock_.Now() - 200ms), 2);
  clock_.Advance(60s);
  EXPECT_EQ(ledger_->EpochOf(clock_.Now() - 4s), 2) << "a slow disk is no step";

  Start("boot-a");
  EXPECT_EQ(ledger_->EpochOf(clock_.Now()), 2);
  clock_.Step(1h);
  EXPECT_EQ(ledger_->EpochOf(clock_.Now()), 3);
}

TEST_F(LedgerTest, EndsAGapOfTheLastRunWhereThatRunEnded) {
  const WallTime created = clock_.Now();
  ledger_->Expect(1, created, std::nullopt);
  ledger_->Recorded(1, created);
  clock_.Advance(60s);
  ledger_->Missing(1, created + 50s, kNetwork);
  ledger_->Close();
  clock_.Advance(60s);

  Start("boot-a");
  ledger_->Expect(1, created, std::nullopt);

  EXPECT_EQ(Gaps(), (std::vector{Gap(created + 50s, created + 60s, kNetwork),
                                 Gap(created + 60s, std::nullopt, {GapReason::kRestart, ""})}));
}

TEST_F(LedgerTest, ACameraThatIsSwitchedOffStaysSoWhateverTheRecorderDoes) {
  const WallTime created = clock_.Now();
  ledger_->Expect(1, created, kStopped);
  clock_.Advance(3600s);

  Start("boot-b");
  ledger_->Expect(1, created, kStopped);

  EXPECT_EQ(Gaps(), (std::vector{Gap(created, std::nullopt, kStopped)}));
  clock_.Advance(60s);
  ledger_->Recorded(1, clock_.Now());
  EXPECT_EQ(Gaps(), (std::vector{Gap(created, clock_.Now(), kStopped)}));
}

TEST_F(LedgerTest, EndsTheGapOfACameraThatIsRemoved) {
  ledger_->Expect(1, clock_.Now(), std::nullopt);
  clock_.Advance(5s);
  ledger_->Forget(1);

  ASSERT_EQ(Gaps().size(), 1U);
  EXPECT_EQ(Gaps()[0].end, clock_.Now());
}

TEST_F(LedgerTest, WritesDownThatItLives) {
  clock_.Advance(11s);
  Beat();
}

TEST_F(LedgerTest, ExplainsTheTimeThatTheClockSkipped) {
  ledger_->Expect(1, clock_.Now(), std::nullopt);
  ledger_->Recorded(1, clock_.Now());
  const WallTime before = clock_.Now();
  clock_.Step(100s);

  ASSERT_TRUE(testing::PumpUntil([&] { return !Gaps().empty(); }));
  EXPECT_EQ(Gaps(), (std::vector{Gap(before, before + 100s, {GapReason::kClock, ""})}));
  clock_.Step(-300s);
  Tick();
  EXPECT_EQ(Gaps().size(), 1U) << "time that comes twice leaves no gap";
}

TEST(GapCause, TellsTheNetworkFromTheCamera) {
  const auto reason = [](const char* code, bool by_camera = false) {
    return CauseOf(camera::CameraError{code, "", {}, by_camera}).reason;
  };
  for (const char* code : {"unauthorized", "forbidden"}) EXPECT_EQ(reason(code), GapReason::kAuth);
  for (const char* code : {"unreachable", "timeout"}) EXPECT_EQ(reason(code), GapReason::kNetwork);
  for (const char* code : {"refused", "not_rtsp", "bad_sdp", "not_found", "server_error", "busy",
                           "no_video", "unsupported_codec", "stalled", "redirected", "tls"}) {
    EXPECT_EQ(reason(code), GapReason::kCamera) << code;
  }
  EXPECT_EQ(reason("unreachable", true), GapReason::kCamera) << "it closed the connection";
  EXPECT_EQ(reason("storage"), GapReason::kDisk);
}

TEST(GapCause, NamesWhatIsWrongWithTheStorage) {
  const auto detail = [](ErrorKind kind) { return CauseOf(Error{kind, "x"}).detail; };

  EXPECT_EQ(CauseOf(Error{ErrorKind::kNoSpace, "x"}).reason, GapReason::kDisk);
  EXPECT_EQ(detail(ErrorKind::kNoSpace), "full");
  EXPECT_EQ(detail(ErrorKind::kNotFound), "missing");
  EXPECT_EQ(detail(ErrorKind::kPermission), "read_only");
  EXPECT_EQ(detail(ErrorKind::kInternal), "error");
}

TEST(GapCause, KnowsThisStartOfTheMachine) {
  EXPECT_EQ(BootId().size(), 36U);
  EXPECT_EQ(BootId(), BootId());
}

TEST_F(LedgerTest, WhatIsMissingOfOneStreamIsNotOfTheOther) {
  const StreamId sub(1, StreamKind::kSub);
  ledger_->Expect(1, clock_.Now(), std::nullopt);
  ledger_->Expect(sub, clock_.Now(), kStopped);
  ledger_->Recorded(1, clock_.Now());
  const WallTime before = clock_.Now();
  clock_.Advance(5s);
  ledger_->Missing(sub, clock_.Now(), kNetwork);
  ledger_->Lost(sub, before, before + 1s, {GapReason::kOverload, ""});
  ledger_->Close();

  EXPECT_TRUE(Gaps().empty());
  Settle();
  const auto gaps = stores_.ledger->Gaps(sub, {}, clock_.Now() + 1h).value();
  ASSERT_EQ(gaps.size(), 3U);
  EXPECT_EQ(gaps[0].cause, kStopped);
  EXPECT_EQ(gaps[1].cause.reason, GapReason::kOverload);
  EXPECT_EQ(gaps[2].cause, kNetwork);
}

TEST_F(LedgerTest, ARemovedCameraLeavesNoLastingGapOfEitherStream) {
  const StreamId sub(1, StreamKind::kSub);
  ledger_->Expect(1, clock_.Now(), kStopped);
  ledger_->Expect(sub, clock_.Now(), kStopped);
  clock_.Advance(1s);
  Start("boot-a");  // this run does not meet the sub stream
  ledger_->Expect(1, clock_.Now(), kStopped);

  ledger_->Forget(1);

  Settle();
  EXPECT_TRUE(stores_.ledger->FindLastRun()->lasting.empty());
}

}  // namespace
}  // namespace ronin::recording
