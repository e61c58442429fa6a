// SPDX-License-Identifier: MIT
#include "recording/coverage.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNoon{Micros(1'795'000'000'000'000)};
constexpr Micros kFrame = 40ms;

Span At(Micros from, Micros to) { return {kNoon + from, kNoon + to}; }

SpanJoiner Files(const std::vector<Span>& files) {
  SpanJoiner out;
  for (const Span& file : files) out.Add(file, kFrame);
  return out;
}

GapRecord Record(Micros from, std::optional<Micros> to, GapReason reason) {
  GapRecord out{.camera_id = 1, .start = kNoon + from, .end = {}, .cause = {reason, ""}};
  if (to) out.end = kNoon + *to;
  return out;
}

Gap Missing(Micros from, Micros to, GapReason reason) { return {At(from, to), {reason, ""}}; }

Coverage Compute(const std::vector<Span>& files, const std::vector<GapRecord>& records,
                 const Span& window) {
  return ComputeCoverage(Files(files), records, {}, window);
}

TEST(Coverage, JoinsFilesThatAbutAndKeepsWhatIsLongerThanTwoAndAHalfFrames) {
  const auto got = Compute({At(0s, 10s), At(10s, 20s), At(20s + 100ms, 30s), At(30s + 101ms, 40s)},
                           {}, At(0s, 40s));

  EXPECT_EQ(got.spans, (std::vector{At(0s, 30s), At(30s + 101ms, 40s)}));
  EXPECT_EQ(got.gaps, (std::vector{Missing(30s, 30s + 101ms, GapReason::kUnknown)}));
}

TEST(Coverage, MeasuresAHoleByTheFramesOfTheFileBeforeIt) {
  SpanJoiner slow;
  slow.Add(At(0s, 10s), 1s);
  slow.Add(At(12s, 20s), kFrame);
  slow.Add(At(22s, 30s), std::nullopt);

  EXPECT_EQ(ComputeCoverage(slow, {}, {}, At(0s, 30s)).spans,
            (std::vector{At(0s, 20s), At(22s, 30s)}));
}

TEST(Coverage, ExplainsAHoleByTheRecordsInIt) {
  const auto got = Compute(
      {At(0s, 10s), At(60s, 70s)},
      {Record(10s, 30s, GapReason::kNetwork), Record(30s, 60s, GapReason::kAuth)}, At(0s, 70s));

  EXPECT_EQ(got.gaps, (std::vector{Missing(10s, 30s, GapReason::kNetwork),
                                   Missing(30s, 60s, GapReason::kAuth)}));
}

TEST(Coverage, GivesWhatIsNearARecordToIt) {
  const auto got =
      Compute({At(0s, 10s), At(62s, 70s)}, {Record(25s, 60s, GapReason::kNetwork)}, At(0s, 70s));

  EXPECT_EQ(got.gaps, (std::vector{Missing(10s, 62s, GapReason::kNetwork)}));
}

TEST(Coverage, CallsTheRestUnknown) {
  const auto got =
      Compute({At(0s, 10s), At(63s, 70s)}, {Record(26s, 60s, GapReason::kNetwork)}, At(0s, 90s));

  EXPECT_EQ(got.gaps,
            (std::vector{
                Missing(10s, 26s, GapReason::kUnknown), Missing(26s, 60s, GapReason::kNetwork),
                Missing(60s, 63s, GapReason::kUnknown), Missing(70s, 90s, GapReason::kUnknown)}));
}

TEST(Coverage, LetsAGapThatLastsReachTheEnd) {
  const auto got =
      Compute({At(0s, 10s)}, {Record(11s, std::nullopt, GapReason::kDisk)}, At(0s, 90s));

  EXPECT_EQ(got.gaps, (std::vector{Missing(10s, 90s, GapReason::kDisk)}));
}

TEST(Coverage, PrefersTheRecordThatBeganLaterAndThenTheLongerOneAgain) {
  const auto got = Compute(
      {}, {Record(0s, 90s, GapReason::kNetwork), Record(30s, 60s, GapReason::kAuth)}, At(0s, 90s));

  EXPECT_EQ(got.gaps,
            (std::vector{Missing(0s, 30s, GapReason::kNetwork), Missing(30s, 60s, GapReason::kAuth),
                         Missing(60s, 90s, GapReason::kNetwork)}));
}

TEST(Coverage, BelievesTimeOffLeastBecauseItsBeginningIsAGuess) {
  const auto got =
      Compute({},
              {Record(0s, 20s, GapReason::kRestart), Record(30s, 60s, GapReason::kNetwork),
               Record(10s, 90s, GapReason::kCrash)},
              At(0s, 90s));

  EXPECT_EQ(
      got.gaps,
      (std::vector{Missing(0s, 20s, GapReason::kRestart), Missing(20s, 30s, GapReason::kCrash),
                   Missing(30s, 60s, GapReason::kNetwork), Missing(60s, 90s, GapReason::kCrash)}));
}

TEST(Coverage, BelievesAFileMoreThanARecord) {
  const auto got = Compute({At(0s, 90s)}, {Record(10s, 30s, GapReason::kNetwork)}, At(0s, 90s));

  EXPECT_EQ(got.spans, (std::vector{At(0s, 90s)}));
  EXPECT_TRUE(got.gaps.empty());
}

TEST(Coverage, CutsOutWhatIsMissingInsideAFile) {
  auto lost = Record(10s, 12s, GapReason::kOverload);
  lost.in_file = true;

  const auto got = Compute({At(0s, 90s)}, {lost}, At(0s, 90s));

  EXPECT_EQ(got.spans, (std::vector{At(0s, 10s), At(12s, 90s)}));
  EXPECT_EQ(got.gaps, (std::vector{Missing(10s, 12s, GapReason::kOverload)}));
}

TEST(Coverage, UsesAFileThatIsGoneOnlyWhereNothingElseIsKnown) {
  const auto got = ComputeCoverage(Files({}), {Record(0s, 10s, GapReason::kNetwork)},
                                   {Record(5s, 20s, GapReason::kDeleted)}, At(0s, 20s));

  EXPECT_EQ(got.gaps, (std::vector{Missing(0s, 10s, GapReason::kNetwork),
                                   Missing(10s, 20s, GapReason::kDeleted)}));
}

TEST(Coverage, OfNoTimeIsEmpty) {
  EXPECT_EQ(Compute({At(0s, 90s)}, {}, At(10s, 10s)), Coverage());
  EXPECT_EQ(Compute({At(0s, 90s)}, {}, At(10s, 5s)), Coverage());
}

TEST(Coverage, CoarsenedHidesWhatIsTooShortToBeSeen) {
  const auto exact = Compute({At(0s, 100s), At(103s, 200s)}, {}, At(0s, 300s));

  const auto coarse = Coarsened(exact, 10s);

  EXPECT_EQ(coarse.spans, (std::vector{At(0s, 200s)}));
  EXPECT_EQ(coarse.gaps, (std::vector{Missing(200s, 300s, GapReason::kUnknown)}));
}

TEST(Coverage, CoarsenedKeepsTheReasonThatLastedLongest) {
  const auto exact =
      Compute({At(0s, 100s), At(102s, 103s), At(120s, 200s)},
              {Record(100s, 102s, GapReason::kAuth), Record(103s, 108s, GapReason::kAuth),
               Record(108s, 114s, GapReason::kNetwork), Record(114s, 120s, GapReason::kAuth)},
              At(0s, 200s));

  const auto coarse = Coarsened(exact, 20s);

  EXPECT_EQ(coarse.spans, (std::vector{At(0s, 100s), At(120s, 200s)}));
  EXPECT_EQ(coarse.gaps, (std::vector{Missing(100s, 120s, GapReason::kAuth)}));
}

TEST(Coverage, TheShareCountsOnlyTimeInWhichARecordingWasWanted) {
  const auto got =
      Compute({At(0s, 30s)},
              {Record(30s, 40s, GapReason::kNetwork), Record(40s, 1000s, GapReason::kStopped)},
              At(0s, 1000s));

  EXPECT_DOUBLE_EQ(RecordedShare(SumsOf(got)).value(), 0.75);
  EXPECT_FALSE(RecordedShare(CoverageSums()));
}

TEST(Coverage, TheSumsAreTheWholeTime) {
  const auto sums =
      SumsOf(Compute({At(0s, 30s), At(40s, 50s)},
                     {Record(30s, 40s, GapReason::kNetwork), Record(50s, 60s, GapReason::kStopped),
                      Record(60s, 65s, GapReason::kNetwork)},
                     At(0s, 100s)));

  EXPECT_EQ(sums.recorded, 40s);
  EXPECT_EQ(sums.missing, (std::map<GapReason, Micros>{{GapReason::kNetwork, 15s},
                                                       {GapReason::kStopped, 10s},
                                                       {GapReason::kUnknown, 35s}}));
}

/// Every instant of the window is in exactly one piece, and neighbours differ.
void ExpectTiles(const Coverage& coverage, const Span& window) {
  std::vector<Span> all = coverage.spans;
  all.insert(all.end(), coverage.gaps.begin(), coverage.gaps.end());
  std::sort(all.begin(), all.end(), [](const Span& a, const Span& b) { return a.start < b.start; });
  WallTime at = window.start;
  for (const Span& piece : all) {
    ASSERT_EQ(piece.start, at);
    ASSERT_LT(piece.start, piece.end);
    at = piece.end;
  }
  ASSERT_EQ(at, window.end);
  for (size_t i = 1; i < coverage.spans.size(); ++i) {
    ASSERT_LT(coverage.spans[i - 1].end, coverage.spans[i].start);
  }
  for (size_t i = 1; i < coverage.gaps.size(); ++i) {
    const auto& [before, now] = std::tie(coverage.gaps[i - 1], coverage.gaps[i]);
    ASSERT_TRUE(before.end < now.start || before.cause != now.cause);
  }
}

Micros Total(const Coverage& coverage) {
  Micros out{};
  for (const Span& span : coverage.spans) out += span.end - span.start;
  for (const Gap& gap : coverage.gaps) out += gap.end - gap.start;
  return out;
}

TEST(Coverage, TilesTheTimeWhateverWasRecordedAndWrittenDown) {
  std::mt19937 random(20261127);
  const auto below = [&](int limit) {
    return std::uniform_int_distribution<int>(0, limit - 1)(random);
  };
  for (int round = 0; round < 3000; ++round) {
    // Coarse times, so that borders meet often.
    const Micros unit = below(2) == 0 ? Micros(50ms) : Micros(1s);
    std::vector<Span> files;
    for (int i = below(12); i > 0; --i) {
      const int start = below(200);
      files.push_back(At(unit * start, unit * (start + below(30))));
    }
    std::sort(files.begin(), files.end(),
              [](const Span& a, const Span& b) { return a.start < b.start; });
    std::vector<GapRecord> records;
    std::vector<GapRecord> weak;
    for (int i = below(12); i > 0; --i) {
      const int start = below(200);
      const auto end = below(10) == 0 ? std::nullopt : std::optional(unit * (start + below(60)));
      auto record = Record(unit * start, end, GapReason(below(13)));
      record.in_file = record.end && below(3) == 0;
      (below(5) == 0 ? weak : records).push_back(record);
    }
    const int from = below(200);
    const Span window = At(unit * from, unit * (from + 1 + below(200)));

    const Coverage exact = ComputeCoverage(Files(files), records, weak, window);

    ExpectTiles(exact, window);
    EXPECT_EQ(Total(exact), window.end - window.start);
    // Recorded is what files hold, but for holes of a few frames.
    for (const Span& span : exact.spans) {
      const WallTime middle = span.start + (span.end - span.start) / 2;
      const bool held = std::any_of(files.begin(), files.end(), [&](const Span& file) {
        return middle >= file.start - 100ms && middle < file.end + 100ms;
      });
      EXPECT_TRUE(held);
    }
    const WallTime middle = window.start + (window.end - window.start) / 2;
    Coverage halves = ComputeCoverage(Files(files), records, weak, {window.start, middle});
    Extend(&halves, ComputeCoverage(Files(files), records, weak, {middle, window.end}));
    ExpectTiles(halves, window);
    const Micros resolution = unit * (1 + below(50));
    const Coverage coarse = Coarsened(exact, resolution);
    ExpectTiles(coarse, window);
    EXPECT_LE(coarse.spans.size() + coarse.gaps.size(),
              size_t((window.end - window.start) / resolution) + 1);
    if (::testing::Test::HasFailure()) FAIL() << "in round " << round;
  }
}

}  // namespace
}  // namespace ronin::recording
