// SPDX-License-Identifier: MIT
#include "live/ll_window.h"

#include <cmath>
#include <functional>
#include <random>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "base/text.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

GRef<GBytes> Packed(const std::string& text) {
  return Adopt(g_bytes_new(text.data(), text.size()));
}

std::string TextOf(const GRef<GBytes>& bytes) {
  if (!bytes) return "(none)";
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.Get(), &size));
  return {data, size};
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

size_t Count(const std::string& text, const std::string& part) {
  size_t out = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
  return out;
}

/// What players read in a playlist.
struct Read {
  double part_target = 0;
  double target = 0;
  std::vector<std::vector<double>> parts;  ///< of each segment that lists some
  std::vector<double> segments;
};

Read ReadPlaylist(const std::string& text) {
  Read out;
  std::vector<double> parts;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto value = [&](const std::string& tag) {
      return std::strtod(line.substr(tag.size()).c_str(), nullptr);
    };
    if (line.starts_with("#EXT-X-TARGETDURATION:")) out.target = value("#EXT-X-TARGETDURATION:");
    if (line.starts_with("#EXT-X-PART-INF:"))
      out.part_target = value("#EXT-X-PART-INF:PART-TARGET=");
    if (line.starts_with("#EXT-X-PART:")) parts.push_back(value("#EXT-X-PART:DURATION="));
    if (!line.starts_with("#EXTINF:")) continue;
    out.segments.push_back(value("#EXTINF:"));
    if (!parts.empty()) out.parts.push_back(std::exchange(parts, {}));
  }
  if (!parts.empty()) out.parts.push_back(parts);
  return out;
}

/// What the RFC says of durations holds for what a playlist says.
void ExpectWithinTheRules(const std::string& playlist) {
  const Read read = ReadPlaylist(playlist);
  for (const double segment : read.segments)
    EXPECT_LE(std::lround(segment), std::lround(read.target));
  for (const auto& parts : read.parts) {
    for (size_t i = 0; i < parts.size(); ++i) {
      EXPECT_LE(parts[i], read.part_target + 1e-5) << playlist;
      if (i + 1 == parts.size()) continue;  // the last one may be short
      EXPECT_GE(parts[i], read.part_target * 0.85 - 1e-5) << playlist;
    }
  }
}

/// A camera: frames named after their numbers, at times of its own.
class Camera {
 public:
  explicit Camera(LlWindow& window, Nanos frame = 40ms, int gop = 25)
      : window_(window), frame_(frame), gop_(gop) {}

  /// The next `count` frames, each by up to `jitter` off its time.
  void Send(int count, Nanos jitter = 0ns) {
    std::uniform_int_distribution<int64_t> off(-jitter.count(), jitter.count());
    for (int i = 0; i < count; ++i, ++number_, time_ += frame_) {
      const Nanos decode = time_ + Nanos(off(random_));
      window_.Add({.bytes = Packed(Concat("<", number_, ">", std::string(padding, 'x'))),
                   .key = (number_ - first_) % gop_ == 0,
                   .decode_time = decode,
                   .duration = frame_,
                   .taken = WallTime(std::chrono::duration_cast<Micros>(time_)),
                   .number = uint64_t(number_)});
      if (each) each();
    }
  }
  /// Another rate and GOP, from a keyframe on.
  void Change(Nanos frame, int gop) {
    frame_ = frame;
    gop_ = gop;
    first_ = number_;
  }
  void Rest(Nanos time) { time_ += time; }

  std::function<void()> each;
  size_t padding = 0;

 private:
  LlWindow& window_;
  Nanos frame_;
  int gop_;
  int number_ = 0;
  int first_ = 0;
  Nanos time_ = 1'000'000'000s / 1000;  // some instant of UTC
  std::mt19937 random_{7};
};

LlWindow::Options Known(Nanos gop = 1s) { return {.memory = 8 << 20, .gop = gop}; }

TEST(LlWindow, HasNothingBeforeTheFirstKeyframe) {
  LlWindow window(Known());
  window.Begin(Packed("init"));

  window.Add({.bytes = Packed("late"), .decode_time = 1s, .duration = 40ms});

  EXPECT_FALSE(window.ready());
  EXPECT_EQ(window.Playlist(false), "");
  EXPECT_EQ(window.LookFor(1, 0), LlWindow::Look::kLater);
}

TEST(LlWindow, APlayerCanStartWithinTheFirstGopBehindAGap) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);

  camera.Send(8);
  EXPECT_FALSE(window.ready()) << "it would begin in the gap";
  camera.Send(2);

  EXPECT_TRUE(window.ready());
  EXPECT_EQ(window.Playlist(false),
            "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:1\n"
            "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.25800,CAN-SKIP-UNTIL=6.0\n"
            "#EXT-X-PART-INF:PART-TARGET=0.08600\n"
            "#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
            "#EXT-X-INDEPENDENT-SEGMENTS\n"
            "#EXT-X-MAP:URI=\"init.mp4?id=1\"\n"
            "#EXT-X-PROGRAM-DATE-TIME:1970-01-12T13:46:39.000Z\n"
            "#EXT-X-GAP\n#EXTINF:1.00000,\n1.m4s\n"
            "#EXT-X-PROGRAM-DATE-TIME:1970-01-12T13:46:40.000Z\n"
            "#EXT-X-PART:DURATION=0.08000,URI=\"2.0.m4s\",INDEPENDENT=YES\n"
            "#EXT-X-PART:DURATION=0.08000,URI=\"2.1.m4s\"\n"
            "#EXT-X-PART:DURATION=0.08000,URI=\"2.2.m4s\"\n"
            "#EXT-X-PART:DURATION=0.08000,URI=\"2.3.m4s\"\n"
            "#EXT-X-PART:DURATION=0.08000,URI=\"2.4.m4s\"\n"
            "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"2.5.m4s\"\n");
}

TEST(LlWindow, MeasuresWhatItIsNotTold) {
  LlWindow window({.memory = 8 << 20});
  window.Begin(Packed("init"));
  Camera camera(window);

  camera.Send(25, 10ms);
  EXPECT_FALSE(window.ready()) << "the target duration is not known before the GOP has ended";
  camera.Send(1, 10ms);

  ASSERT_TRUE(window.ready());
  EXPECT_EQ(window.pace()->target_s, 1);
  EXPECT_NEAR(double(window.pace()->frame.count()), 4e7, 5e6);
  EXPECT_TRUE(TextOf(window.Part({2, 0}).bytes).starts_with("<0><1>"));
}

TEST(LlWindow, MeasuresAGopOfFewFrames) {
  LlWindow window({.memory = 8 << 20});
  window.Begin(Packed("init"));
  Camera camera(window, 40ms, 2);

  camera.Send(6);

  ASSERT_TRUE(window.pace());
  EXPECT_EQ(window.pace()->target_s, 1);
}

TEST(LlWindow, WaitsNotForeverForTheEndOfTheFirstGop) {
  LlWindow window({.memory = 8 << 20});
  window.Begin(Packed("init"));
  Camera camera(window, 40ms, 250);

  camera.Send(70);

  ASSERT_TRUE(window.ready());
  EXPECT_EQ(window.pace()->target_s, 10);
}

TEST(LlWindow, HoldsNoMoreThanItsShareWhileItMeasures) {
  LlWindow window({.memory = 3000});
  window.Begin(Packed("init"));
  Camera camera(window, 40ms, 250);
  camera.padding = 1000;

  camera.Send(1);

  EXPECT_TRUE(window.pace());
}

TEST(LlWindow, APartHasItsFramesAndASegmentItsParts) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);

  camera.Send(26);

  EXPECT_EQ(TextOf(window.Part({2, 0}).bytes), "<0><1>");
  EXPECT_EQ(TextOf(window.Part({2, 12}).bytes), "<24>") << "the last one may be short";
  const std::string all = TextOf(window.Segment(2));
  EXPECT_TRUE(all.starts_with("<0><1><2>"));
  EXPECT_TRUE(all.ends_with("<23><24>"));
  EXPECT_EQ(TextOf(window.Part({2, 1}).bytes), "<2><3>") << "also once it is joined";
  EXPECT_EQ(TextOf(window.Segment(2)), all);
  EXPECT_FALSE(window.Segment(3)) << "it is not whole";
  EXPECT_EQ(TextOf(window.Init({})), "init");
  EXPECT_EQ(TextOf(window.Init(1)), "init");
  EXPECT_FALSE(window.Init(7));
}

TEST(LlWindow, TheGapIsASegmentWithoutMedia) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);

  camera.Send(10);

  EXPECT_EQ(TextOf(window.Segment(1)).substr(4, 4), "styp");
  EXPECT_FALSE(window.Part({1, 0}).bytes);
}

TEST(LlWindow, KeepsTheRulesOfDurationsWhateverTheJitter) {
  for (const Nanos jitter : {0ms, 4ms, 12ms, 19ms}) {
    for (const Nanos frame :
         {Nanos(40ms), Nanos(33'366'666ns), Nanos(66'666'666ns), Nanos(16'666'666ns)}) {
      LlWindow window({.memory = 8 << 20});
      window.Begin(Packed("init"));
      const auto gop = int(2s / frame);
      Camera camera(window, frame, gop);
      camera.each = [&] { ExpectWithinTheRules(window.Playlist(false)); };

      camera.Send(10 * gop, std::min<Nanos>(jitter, frame / 2));

      // Jitter evens out: what is said adds up to the truth.
      double sum = 0;
      const Read read = ReadPlaylist(window.Playlist(false));
      for (size_t i = 1; i < read.segments.size(); ++i) sum += read.segments[i];
      EXPECT_NEAR(sum / double(read.segments.size() - 1), double(gop) * double(frame.count()) / 1e9,
                  0.03);
    }
  }
}

TEST(LlWindow, ShortGopsShareASegment) {
  LlWindow window(Known(400ms));
  window.Begin(Packed("init"));
  Camera camera(window, 40ms, 10);

  camera.Send(31);

  EXPECT_TRUE(TextOf(window.Segment(2)).ends_with("<29>"));
  EXPECT_EQ(Count(window.Playlist(false), "INDEPENDENT=YES"), 3U) << window.Playlist(false);
}

TEST(LlWindow, AGopThatIsLongerThanASegmentMayBeIsCut) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window, 40ms, 50);

  camera.each = [&] { ExpectWithinTheRules(window.Playlist(false)); };
  camera.Send(40);
  EXPECT_FALSE(Has(window.Playlist(false), "#EXT-X-INDEPENDENT-SEGMENTS"));
  camera.Send(11);

  EXPECT_TRUE(TextOf(window.Segment(2)).starts_with("<0>"));
  EXPECT_TRUE(TextOf(window.Segment(3)).ends_with("<49>")) << "keyframes begin segments";
  EXPECT_EQ(ReadPlaylist(window.Playlist(false)).target, 1);
}

TEST(LlWindow, APlaylistSaysThatItsSegmentsAreIndependentOnceTheyAreAgain) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window, 40ms, 50);
  camera.Send(50);
  camera.Change(40ms, 25);

  camera.Send(13 * 25);

  EXPECT_TRUE(Has(window.Playlist(false), "#EXT-X-INDEPENDENT-SEGMENTS"));
}

TEST(LlWindow, ACameraThatSendsMuchSlowerGetsLongerParts) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.each = [&] { ExpectWithinTheRules(window.Playlist(false)); };
  camera.Send(50);
  camera.Change(200ms, 5);

  camera.Send(50);

  EXPECT_NEAR(ReadPlaylist(window.Playlist(false)).part_target, 0.216, 0.001);
  EXPECT_EQ(ReadPlaylist(window.Playlist(false)).target, 1);
}

TEST(LlWindow, AHoleChangesNoPace) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.each = [&] { ExpectWithinTheRules(window.Playlist(false)); };

  camera.Send(30);
  camera.Rest(600ms);
  camera.Send(70);

  EXPECT_NEAR(ReadPlaylist(window.Playlist(false)).part_target, 0.086, 0.001);
}

TEST(LlWindow, NumbersGoOnOverAReconnectWithADiscontinuityAndAnotherInit) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.Send(30);

  window.End();
  const std::string ended = window.Playlist(false);
  EXPECT_TRUE(Has(ended, "3.m4s")) << "what there was is whole";
  EXPECT_TRUE(Has(ended, "URI=\"4.0.m4s\""));
  window.Begin(Packed("other"));
  camera.Change(40ms, 25);
  camera.Rest(20s);
  camera.Send(26);

  const std::string playlist = window.Playlist(false);
  EXPECT_TRUE(Has(playlist,
                  "3.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"init.mp4?id=4\"\n"
                  "#EXT-X-PROGRAM-DATE-TIME:1970-01-12T13:47:01.200Z\n"))
      << playlist;
  EXPECT_EQ(Count(playlist, "#EXT-X-DISCONTINUITY\n"), 1U);
  EXPECT_EQ(Count(playlist, "#EXT-X-MAP"), 2U);
  EXPECT_EQ(TextOf(window.Init(4)), "other");
  EXPECT_EQ(TextOf(window.Init(1)), "init");
  EXPECT_EQ(TextOf(window.Part({4, 0}).bytes), "<30><31>");
}

TEST(LlWindow, CountsTheDiscontinuitiesThatLeftThePlaylistAndForgetsTheirInits) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.Send(25);
  window.Begin(Packed("other"));
  camera.Change(40ms, 25);
  camera.Send(5 * 25);
  EXPECT_TRUE(Has(window.Playlist(false), "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"));

  camera.Send(20 * 25);

  EXPECT_TRUE(Has(window.Playlist(false), "#EXT-X-DISCONTINUITY-SEQUENCE:1\n"));
  EXPECT_FALSE(Has(window.Playlist(false), "#EXT-X-DISCONTINUITY\n"));
  EXPECT_FALSE(window.Init(1));
  EXPECT_EQ(TextOf(window.Init({})), "other");
}

TEST(LlWindow, AnotherInitBeforeAnyFrameIsNoDiscontinuity) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  window.Begin(Packed("other"));
  Camera camera(window);

  camera.Send(10);

  EXPECT_FALSE(Has(window.Playlist(false), "#EXT-X-DISCONTINUITY\n"));
  EXPECT_EQ(TextOf(window.Init(1)), "other");
}

TEST(LlWindow, ListsTenTargetDurationsAndKeepsALittleMore) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);

  camera.Send(30 * 25 + 2);

  const std::string playlist = window.Playlist(false);
  EXPECT_TRUE(Has(playlist, "#EXT-X-MEDIA-SEQUENCE:22\n")) << playlist;
  EXPECT_FALSE(Has(playlist, "\n21.m4s"));
  EXPECT_TRUE(window.Segment(21));
  EXPECT_TRUE(window.Segment(20));
  EXPECT_FALSE(window.Segment(19));
}

TEST(LlWindow, ListsThePartsOfTheNewestTwoSegmentsOnly) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);

  camera.Send(5 * 25 + 2);

  const std::string playlist = window.Playlist(false);
  EXPECT_FALSE(Has(playlist, "\"4.0.m4s"));
  EXPECT_TRUE(Has(playlist, "\"5.0.m4s"));
  EXPECT_TRUE(Has(playlist, "\"7.0.m4s"));
}

TEST(LlWindow, ADeltaLeavesOutWhatIsFarFromTheEnd) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.Send(3 * 25 + 2);
  EXPECT_FALSE(Has(window.Playlist(true), "#EXT-X-SKIP")) << "nothing is far from it";

  camera.Send(20 * 25);

  const std::string full = window.Playlist(false);
  const std::string delta = window.Playlist(true);
  std::smatch skip;
  ASSERT_TRUE(std::regex_search(delta, skip, std::regex("#EXT-X-SKIP:SKIPPED-SEGMENTS=(\\d+)\n")));
  EXPECT_EQ(std::stoul(skip[1]), Count(full, "#EXTINF") - Count(delta, "#EXTINF"));
  EXPECT_FALSE(Has(delta, "#EXT-X-MAP")) << "it is that of those that are left out";
  // The segments that are left cover the skip boundary.
  double left = 0;
  for (const double segment : ReadPlaylist(delta).segments) left += segment;
  EXPECT_GE(left, 6.0 - 0.1);
  const std::string media = "#EXT-X-MEDIA-SEQUENCE:15\n";
  EXPECT_TRUE(Has(full, media) && Has(delta, media)) << full;
}

TEST(LlWindow, ADeltaTellsAnInitThatIsNewInIt) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.Send(12 * 25);
  window.Begin(Packed("other"));
  camera.Change(40ms, 25);

  camera.Send(10);

  EXPECT_TRUE(Has(window.Playlist(true), "#EXT-X-SKIP"));
  EXPECT_EQ(Count(window.Playlist(true), "#EXT-X-MAP"), 1U);
}

TEST(LlWindow, ForBlockingReloadsKnowsWhatIsThereWhatComesAndWhatIsNonsense) {
  using Look = LlWindow::Look;
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.Send(25 + 5);  // segment 2 has 13 parts, segment 3 has two so far

  EXPECT_EQ(window.LookFor(0, {}), Look::kThere);
  EXPECT_EQ(window.LookFor(2, {}), Look::kThere);
  EXPECT_EQ(window.LookFor(2, 12), Look::kThere);
  EXPECT_EQ(window.LookFor(2, 13), Look::kThere) << "the first of the next segment";
  EXPECT_EQ(window.LookFor(3, 1), Look::kThere);
  EXPECT_EQ(window.LookFor(3, 2), Look::kLater);
  EXPECT_EQ(window.LookFor(3, {}), Look::kLater);
  EXPECT_EQ(window.LookFor(4, 0), Look::kLater);
  EXPECT_EQ(window.LookFor(4, {}), Look::kLater);
  EXPECT_EQ(window.LookFor(5, {}), Look::kInvalid);
  EXPECT_EQ(window.LookFor(3, 2 + 35), Look::kInvalid) << "more than 3 s ahead";
  EXPECT_EQ(window.LookFor(4, 35), Look::kInvalid);
}

TEST(LlWindow, BetweenTwoConnectionsTheNextSegmentIsStillToCome) {
  using Look = LlWindow::Look;
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.Send(10);
  window.End();

  EXPECT_EQ(window.LookFor(2, 5), Look::kLater) << "the first of the next segment";
  EXPECT_EQ(window.LookFor(3, 0), Look::kLater);
  EXPECT_EQ(window.next(), (LlPartId{3, 0}));
  EXPECT_TRUE(window.ready());
  EXPECT_TRUE(window.Part({3, 0}).later);
}

TEST(LlWindow, FewAndLongPartsLetClientsAskForThreeAhead) {
  using Look = LlWindow::Look;
  LlWindow window({.memory = 8 << 20, .gop = 4s});
  window.Begin(Packed("init"));
  Camera camera(window, 1s, 4);
  camera.Send(4);

  EXPECT_EQ(window.LookFor(3, 2), Look::kLater);
  EXPECT_EQ(window.LookFor(3, 3), Look::kInvalid);
}

TEST(LlWindow, APartThatComesNextIsWaitedForAndNoOther) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.Send(10);

  EXPECT_TRUE(window.Part({2, 5}).later);
  EXPECT_TRUE(window.Part({3, 0}).later);
  for (const LlPartId id : {LlPartId{2, 6}, LlPartId{3, 1}, LlPartId{1, 0}, LlPartId{2, -1}}) {
    EXPECT_FALSE(window.Part(id).later);
    EXPECT_FALSE(window.Part(id).bytes);
  }
  camera.Send(16);
  EXPECT_FALSE(window.Part({2, 13}).later) << "the segment ended before it";
}

TEST(LlWindow, HintsAtTheNextSegmentWhereTheGopBeforeEnded) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window, 40ms, 26);
  camera.Send(26);
  EXPECT_EQ(window.next(), (LlPartId{2, 13})) << "the first GOP could be longer";

  camera.Send(26);

  EXPECT_EQ(window.next(), (LlPartId{4, 0}));
  EXPECT_TRUE(Has(window.Playlist(false), "TYPE=PART,URI=\"4.0.m4s\""));
}

TEST(LlWindow, KeepsFewerOfLargeSegments) {
  LlWindow window({.memory = 200'000, .gop = 1s});
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.padding = 2000;  // 50 kB a second

  camera.Send(20 * 25);

  EXPECT_LE(window.bytes(), 200'000U);
  EXPECT_GE(window.bytes(), 140'000U);
  EXPECT_TRUE(window.Segment(20));
}

TEST(LlWindow, CutsASegmentThatIsTooLarge) {
  LlWindow window({.memory = 30'000, .gop = 4s});
  window.Begin(Packed("init"));
  Camera camera(window, 40ms, 100);
  camera.padding = 1000;

  camera.Send(90);

  EXPECT_LE(window.bytes(), 30'000U + 10'000U);
  EXPECT_FALSE(Has(window.Playlist(false), "#EXT-X-INDEPENDENT-SEGMENTS"));
}

TEST(LlWindow, NamesCarryTheQuery) {
  LlWindow window({.memory = 8 << 20, .query = "?stream=sub", .gop = 1s});
  window.Begin(Packed("init"));
  Camera camera(window);

  camera.Send(28);

  for (const char* name : {"\"init.mp4?stream=sub&id=1\"", "\"2.0.m4s?stream=sub\"",
                           "\n2.m4s?stream=sub\n", "\"3.1.m4s?stream=sub\""}) {
    EXPECT_TRUE(Has(window.Playlist(false), name)) << name;
  }
}

TEST(LlWindow, TimesThatGoBackDoNoHarm) {
  LlWindow window(Known());
  window.Begin(Packed("init"));
  Camera camera(window);
  camera.each = [&] { ExpectWithinTheRules(window.Playlist(false)); };
  camera.Send(30);
  camera.Rest(-3s);

  camera.Send(60);

  EXPECT_TRUE(window.Segment(3));
}

}  // namespace
}  // namespace ronin::live
