// SPDX-License-Identifier: MIT
#include "live/hls_window.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace ronin::live {
namespace {

GRef<GBytes> Bytes(const std::string& text) { return Adopt(g_bytes_new(text.data(), text.size())); }

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Adds a whole segment as hlssink2 does.
void Add(HlsWindow& window, int number, const char* seconds = "2") {
  const std::string name = Concat("segment", number, ".ts");
  window.AddSegment(name, Bytes(name));
  window.TakePlaylist(Concat("#EXTM3U\n#EXTINF:", seconds, ",\n", name, "\n"));
}

TEST(HlsWindow, IsEmptyUntilASegmentIsWhole) {
  HlsWindow window(1'000'000);
  window.Begin(FromMicros(0));

  const bool news = window.TakePlaylist("#EXTM3U\n#EXTINF:2,\nsegment0.ts\n");

  EXPECT_FALSE(news);
  EXPECT_EQ(window.Playlist(), "");
}

TEST(HlsWindow, ListsAWholeSegmentOnce) {
  HlsWindow window(1'000'000);
  window.Begin(FromMicros(0));
  window.AddSegment("segment0.ts", Bytes("media"));
  const char* playlist = "#EXTM3U\n#EXTINF:2.04,\nsegment0.ts\n";

  EXPECT_EQ(window.Playlist(), "");
  EXPECT_TRUE(window.TakePlaylist(playlist));
  EXPECT_FALSE(window.TakePlaylist(playlist));

  EXPECT_TRUE(Contains(window.Playlist(), "#EXTINF:2.040,\n1.ts\n"));
  EXPECT_FALSE(Contains(window.Playlist(), "2.ts"));
  EXPECT_EQ(g_bytes_get_size(window.Segment(1).Get()), 5U);
  EXPECT_FALSE(window.Segment(2));
}

TEST(HlsWindow, ListsFiveAndKeepsNine) {
  HlsWindow window(1'000'000);
  window.Begin(FromMicros(0));

  for (int i = 0; i < 12; ++i) Add(window, i);

  const std::string playlist = window.Playlist();
  EXPECT_TRUE(Contains(playlist, "#EXT-X-MEDIA-SEQUENCE:8\n"));
  EXPECT_FALSE(Contains(playlist, "\n7.ts\n"));
  EXPECT_TRUE(Contains(playlist, "\n12.ts\n"));
  EXPECT_FALSE(window.Segment(3));
  EXPECT_TRUE(window.Segment(4));
}

TEST(HlsWindow, NumbersGoOnOverAReconnectWithADiscontinuity) {
  HlsWindow window(1'000'000);
  window.Begin(FromMicros(0));
  Add(window, 0);

  window.Begin(FromMicros(60'000'000));
  Add(window, 0);
  Add(window, 1);

  EXPECT_TRUE(Contains(window.Playlist(),
                       "1.ts\n#EXT-X-DISCONTINUITY\n"
                       "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:01:00.000Z\n#EXTINF:2.000,\n2.ts\n"
                       "#EXT-X-PROGRAM-DATE-TIME"));
  EXPECT_TRUE(Contains(window.Playlist(), "\n3.ts\n"));
}

TEST(HlsWindow, TheFirstConnectionHasNoDiscontinuity) {
  HlsWindow window(1'000'000);
  window.Begin(FromMicros(0));

  Add(window, 0);

  EXPECT_FALSE(Contains(window.Playlist(), "#EXT-X-DISCONTINUITY\n"));
}

TEST(HlsWindow, CountsTheDiscontinuitiesThatLeftThePlaylist) {
  HlsWindow window(1'000'000);
  window.Begin(FromMicros(0));
  Add(window, 0);
  EXPECT_TRUE(Contains(window.Playlist(), "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"));

  // Segment 2 carries the mark; it is the first of five in the playlist, then the sixth.
  window.Begin(FromMicros(60'000'000));
  for (int i = 0; i < 5; ++i) Add(window, i);
  EXPECT_TRUE(Contains(window.Playlist(), "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"));
  EXPECT_TRUE(Contains(window.Playlist(), "#EXT-X-DISCONTINUITY\n"));
  Add(window, 5);
  EXPECT_TRUE(Contains(window.Playlist(), "#EXT-X-DISCONTINUITY-SEQUENCE:1\n"));
  EXPECT_FALSE(Contains(window.Playlist(), "#EXT-X-DISCONTINUITY\n"));

  // It still counts when the segment is no longer kept, and the next one adds to it.
  for (int i = 6; i < 12; ++i) Add(window, i);
  EXPECT_FALSE(window.Segment(2));
  EXPECT_TRUE(Contains(window.Playlist(), "#EXT-X-DISCONTINUITY-SEQUENCE:1\n"));
  window.Begin(FromMicros(120'000'000));
  for (int i = 0; i < 6; ++i) Add(window, i);
  EXPECT_TRUE(Contains(window.Playlist(), "#EXT-X-DISCONTINUITY-SEQUENCE:2\n"));
}

TEST(HlsWindow, TimesAddTheDurations) {
  HlsWindow window(1'000'000);
  window.Begin(FromMicros(1'000'000));

  Add(window, 0, "2.5");
  Add(window, 1);

  EXPECT_TRUE(Contains(window.Playlist(), "DATE-TIME:1970-01-01T00:00:01.000Z\n"));
  EXPECT_TRUE(Contains(window.Playlist(), "DATE-TIME:1970-01-01T00:00:03.500Z\n"));
}

TEST(HlsWindow, TheTargetDurationNeverFalls) {
  HlsWindow window(1'000'000);
  window.Begin(FromMicros(0));
  Add(window, 0, "6.4");

  for (int i = 1; i < 12; ++i) Add(window, i);

  EXPECT_TRUE(Contains(window.Playlist(), "#EXT-X-TARGETDURATION:6\n"));
}

TEST(HlsWindow, KeepsFewerOfLargeSegmentsAndAlwaysTheNewest) {
  HlsWindow window(30);
  window.Begin(FromMicros(0));

  for (int i = 0; i < 3; ++i) Add(window, i);  // 11 bytes each

  EXPECT_FALSE(window.Segment(1));
  EXPECT_TRUE(window.Segment(2));
  EXPECT_TRUE(Contains(window.Playlist(), "#EXT-X-MEDIA-SEQUENCE:2\n"));
  window.AddSegment("segment3.ts", Bytes(std::string(100, 'x')));
  window.TakePlaylist("#EXTM3U\n#EXTINF:2,\nsegment3.ts\n");
  EXPECT_FALSE(window.Segment(3));
  EXPECT_TRUE(window.Segment(4));
}

}  // namespace
}  // namespace ronin::live
