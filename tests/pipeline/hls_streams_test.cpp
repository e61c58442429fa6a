// SPDX-License-Identifier: MIT
// From the fake camera to a playlist: on demand, until nobody looks, over reconnects.
#include "live/hls_streams.h"

#include <charconv>
#include <optional>
#include <sstream>

#include <gtest/gtest.h>

#include "camera/cameras.h"
#include "support/fake_camera.h"
#include "support/fake_clock.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;
using demo::AudioCodec;

constexpr int64_t kCamera = 1;
const auto kStays = [] { return false; };

class HlsStreamsTest : public ::testing::Test {
 protected:
  HlsStreamsTest() {
    CameraRecord record;
    record.id = kCamera;
    record.name = "Yard";
    record.url = fake_.url();
    record.sub_url = fake_sub_.url();
    cameras_.Add(std::move(record));
  }
  ~HlsStreamsTest() override {
    bool stopped = false;
    cameras_.StopAll([&] { stopped = true; });
    PumpUntil([&] { return stopped; });
  }

  camera::Camera& camera() { return *cameras_.Find(kCamera); }

  bool WaitFor(camera::CameraStatus status) {
    return PumpUntil(
        [&] {
          const bool idle =
              status != camera::CameraStatus::kOffline || camera().stream() == nullptr;
          return camera().status() == status && idle;
        },
        kLong);
  }

  /// Whether anything is muxed for viewers now.
  bool Muxes() {
    if (camera().stream() == nullptr) return false;
    GstElement* bin = gst_bin_get_by_name(GST_BIN(camera().stream()->pipeline()), "live-hls");
    if (bin == nullptr) return false;
    gst_object_unref(bin);
    return true;
  }

  /// Asks once; the answer comes at once or after a while.
  Result<std::string> Playlist() { return Playlist(camera()); }
  Result<std::string> Playlist(camera::Camera& camera, const live::HlsPlaylistAsk& ask = {}) {
    std::optional<Result<std::string>> answer;
    live_.RequestPlaylist(
        camera, ask, [&](Result<std::string> got) { answer = std::move(got); }, kStays);
    PumpUntil([&] { return answer.has_value(); });
    return answer ? std::move(*answer) : Fail(ErrorKind::kTimeout, "no answer");
  }

  /// Asks as a player does, again and again, until the playlist pleases.
  std::string PlaylistThat(const std::function<bool(const std::string&)>& pleases) {
    std::string out;
    PumpUntil(
        [&] {
          const auto playlist = Playlist();
          if (playlist) out = *playlist;
          return playlist && pleases(out);
        },
        kLong);
    return out;
  }

  SystemClock clock_;
  FakeClock viewer_clock_;
  // Outlives the connection to it: rtspsrc (1.22) sends an end of the stream without a number,
  // which GStreamer complains of, when the camera closes the connection while it is being ended.
  FakeCamera fake_{{.clip = demo::NumberedClip(AudioCodec::kAac)}};
  FakeCamera fake_sub_;
  gst::Reaper reaper_;
  live::HlsStreams live_{viewer_clock_, reaper_, {.idle_timeout = 60s}};
  camera::Cameras cameras_{camera::Camera::Context{
      .clock = clock_,
      .reaper = reaper_,
      .settings = {},
      .listeners = {&live_},
      .on_changed = [this](camera::Camera& camera) { live_.CameraChanged(camera); }}};
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The numbers of the segments in a playlist, in order.
std::vector<int64_t> NumbersIn(const std::string& playlist) {
  std::vector<int64_t> out;
  std::istringstream lines(playlist);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] != '#') out.push_back(std::stoll(line));
  }
  return out;
}

TEST_F(HlsStreamsTest, MuxesFromTheFirstRequestUntilNobodyAsks) {
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));
  EXPECT_FALSE(Muxes());

  const auto playlist = Playlist();

  ASSERT_TRUE(playlist) << playlist.error().Text();
  EXPECT_TRUE(Has(*playlist, "\n1.ts\n")) << *playlist;
  EXPECT_TRUE(Muxes());
  const GRef<GBytes> segment = live_.Segment(kCamera, 1);
  ASSERT_TRUE(segment);
  EXPECT_EQ(g_bytes_get_size(segment.Get()) % 188, 0U);
  EXPECT_FALSE(live_.Segment(kCamera + 1, 1));

  viewer_clock_.Advance(61s);
  EXPECT_TRUE(PumpUntil([&] { return !Muxes(); }));
  EXPECT_FALSE(live_.Segment(kCamera, 1));
  EXPECT_EQ(camera().status(), camera::CameraStatus::kOnline);
  EXPECT_TRUE(Playlist()) << "and begins again";
}

TEST_F(HlsStreamsTest, AShorterIdleTimeoutCountsForStreamsThatRun) {
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));
  ASSERT_TRUE(Playlist());

  live_.SetIdleTimeout(5s);
  viewer_clock_.Advance(6s);

  EXPECT_TRUE(PumpUntil([&] { return !Muxes(); }));
}

TEST_F(HlsStreamsTest, OfAGopThatIsTooLargeTheRestIsLeftOutAndTheNextOneShown) {
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));
  ASSERT_TRUE(Playlist());
  const size_t whole = g_bytes_get_size(live_.Segment(kCamera, 1).Get());
  viewer_clock_.Advance(61s);
  ASSERT_TRUE(PumpUntil([&] { return !Muxes(); }));
  // A quarter of that for the pictures of a GOP; with sound and what MPEG-TS adds, it is more.
  live::HlsStreams little(viewer_clock_, reaper_, {.memory = whole / 4 * 24});

  PumpUntil(
      [&] {
        little.RequestPlaylist(
            camera(), {}, [](const Result<std::string>&) {}, kStays);
        return bool(little.Segment(kCamera, 2));
      },
      kLong);

  const GRef<GBytes> cut = little.Segment(kCamera, 2);
  ASSERT_TRUE(cut);
  EXPECT_LT(g_bytes_get_size(cut.Get()), whole * 3 / 4);
}

TEST_F(HlsStreamsTest, NumbersGoOnAfterAReconnect) {
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));
  const std::string before =
      PlaylistThat([](const std::string& text) { return NumbersIn(text).size() >= 2; });
  ASSERT_GE(NumbersIn(before).size(), 2U) << before;

  fake_.CloseConnections();
  const std::string after =
      PlaylistThat([](const std::string& text) { return Has(text, "#EXT-X-DISCONTINUITY\n"); });

  ASSERT_TRUE(Has(after, "#EXT-X-DISCONTINUITY\n")) << after;
  const auto numbers = NumbersIn(after);
  for (size_t i = 1; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], numbers[i - 1] + 1);
  const std::string from_mark = after.substr(after.find("#EXT-X-DISCONTINUITY\n"));
  EXPECT_GT(NumbersIn(from_mark).at(0), NumbersIn(before).back());
  EXPECT_TRUE(live_.Segment(kCamera, NumbersIn(from_mark).at(0)));
}

TEST_F(HlsStreamsTest, GivesAPlaylistThatIsWaitedForOnceItHasTheSegment) {
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));
  const auto first = Playlist(camera(), {.may_block = true});
  ASSERT_TRUE(first) << first.error().Text();
  EXPECT_TRUE(Has(*first, "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n")) << *first;
  const int64_t newest = NumbersIn(*first).back();

  const auto next = Playlist(camera(), {.segment = newest + 1});

  ASSERT_TRUE(next) << next.error().Text();
  EXPECT_EQ(NumbersIn(*next).back(), newest + 1);
  EXPECT_FALSE(Has(*next, "CAN-BLOCK-RELOAD")) << "which was not asked for";
  const auto old = Playlist(camera(), {.segment = newest});
  ASSERT_TRUE(old) << old.error().Text();
  const auto far = Playlist(camera(), {.segment = newest + 1000});
  ASSERT_FALSE(far);
  EXPECT_EQ(far.error().kind, ErrorKind::kInvalidArgument);
}

TEST_F(HlsStreamsTest, TellsWhoWaitsForASegmentThatItTakesTooLong) {
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));
  const auto playlist = Playlist();
  ASSERT_TRUE(playlist) << playlist.error().Text();
  std::optional<Result<std::string>> answer;

  live_.RequestPlaylist(
      camera(), {.segment = NumbersIn(*playlist).back() + 2},
      [&](Result<std::string> got) { answer = std::move(got); }, kStays);
  viewer_clock_.Advance(10s);

  ASSERT_TRUE(PumpUntil([&] { return answer.has_value(); }));
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().kind, ErrorKind::kUnavailable);
}

TEST_F(HlsStreamsTest, TellsWhoWaitsForAFirstPictureThatTheCameraCannotBeHad) {
  fake_.SetRefuse(demo::Refusal::kNotFound404);
  std::optional<Result<std::string>> answer;

  live_.RequestPlaylist(
      camera(), {}, [&](Result<std::string> got) { answer = std::move(got); }, kStays);
  EXPECT_FALSE(answer) << "it is being connected";

  ASSERT_TRUE(PumpUntil([&] { return answer.has_value(); }));
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().message, camera().last_error()->message);
}

TEST_F(HlsStreamsTest, SaysWhyThereIsNoPicture) {
  fake_.SetRefuse(demo::Refusal::kNotFound404);
  fake_.CloseConnections();
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOffline));

  const auto playlist = Playlist();

  ASSERT_FALSE(playlist);
  EXPECT_EQ(playlist.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(playlist.error().message, camera().last_error()->message);
}

TEST_F(HlsStreamsTest, ConnectsASubStreamForWhoLooksAndLetsGoOfItAfterwards) {
  ASSERT_TRUE(WaitFor(camera::CameraStatus::kOnline));
  camera::Camera& sub = *cameras_.Find({kCamera, StreamKind::kSub});
  EXPECT_EQ(sub.status(), camera::CameraStatus::kDisabled);
  EXPECT_EQ(fake_sub_->connections(), 0);

  const auto playlist = Playlist(sub);

  ASSERT_TRUE(playlist) << playlist.error().Text();
  EXPECT_TRUE(Has(*playlist, "\n1.ts?stream=sub\n")) << *playlist;
  EXPECT_TRUE(live_.Segment({kCamera, StreamKind::kSub}, 1));
  EXPECT_FALSE(live_.Segment(kCamera, 1));
  EXPECT_FALSE(Muxes()) << "of the main stream";
  EXPECT_EQ(sub.status(), camera::CameraStatus::kOnline);

  viewer_clock_.Advance(61s);
  EXPECT_TRUE(PumpUntil([&] { return sub.status() == camera::CameraStatus::kDisabled; }));
  EXPECT_TRUE(PumpUntil([&] { return fake_sub_->connections() == 0; }));
  EXPECT_EQ(camera().status(), camera::CameraStatus::kOnline);
}

}  // namespace
}  // namespace ronin::testing
