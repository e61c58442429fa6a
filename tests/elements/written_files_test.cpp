// SPDX-License-Identifier: MIT
// The launch lines of the documentation are run, and their files read by other people's programs.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gio/gio.h>
#include <gst/gst.h>
#include <gtest/gtest.h>

#include "base/g_ref.h"
#include "support/shell.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using testing::TempDir;

/// What a shell line writes in `folder`, errors too; the status must be 0, within a minute.
std::string Shell(const TempDir& folder, const std::string& line) {
  const std::string script = folder / "line.sh";
  std::ofstream(script) << "cd '" << folder.path().string() << "'\n" << line << '\n';
  return testing::Shell("timeout 60 sh -e '" + script + "'");
}

/// The launch line in the doc comment of an element.
std::string LaunchLine(const std::string& element) {
  std::ifstream source(std::string(std::getenv("RONIN_SOURCE_ROOT")) + "/plugins/gst" + element +
                       ".cpp");
  for (std::string line; std::getline(source, line);) {
    if (line.starts_with(" * gst-launch-1.0 ")) return line.substr(3);
  }
  return {};
}

/// Video packets of a file that ffprobe reads without a word.
int Packets(const TempDir& folder, const std::string& file) {
  const std::string text =
      Shell(folder,
            "ffprobe -v error -select_streams v:0 -count_packets -show_entries "
            "stream=nb_read_packets -of csv=p=0 '" +
                file + "'");
  EXPECT_EQ(text.find_first_not_of("0123456789\n"), text.npos) << text;
  return std::atoi(text.c_str());
}

class WritingLines : public ::testing::TestWithParam<const char*> {};

TEST_P(WritingLines, WritesEveryFrameIntoFilesThatFfprobeReadsSilently) {
  const TempDir folder;
  const std::string line = LaunchLine(GetParam());
  ASSERT_FALSE(line.empty());

  Shell(folder, line);

  int packets = 0;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().extension() != ".mp4") continue;
    ++files;
    packets += Packets(folder, entry.path().string());
  }
  const size_t count = line.find("num-buffers=");
  ASSERT_NE(count, line.npos);
  EXPECT_EQ(packets, std::atoi(line.c_str() + count + 12));
  EXPECT_EQ(files, line.find("splitmuxsink") != line.npos ? 3 : 1);
}

INSTANTIATE_TEST_SUITE_P(Elements, WritingLines,
                         ::testing::Values("ronincmafmux", "roninfragmux", "roninfilesink"));

TEST(LaunchLines, OfTheLiveSinkEndsByItself) {
  const TempDir folder;
  const std::string line = LaunchLine("roninlivesink");
  ASSERT_FALSE(line.empty());

  const std::string said = Shell(folder, line);

  EXPECT_NE(said.find("Got EOS"), said.npos) << said;
  EXPECT_EQ(said.find("WARNING"), said.npos) << said;
}

/// Twenty seconds of H.264 and AAC, a keyframe each second, with as many B-frames as are asked for.
class WrittenFiles : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    Shell(folder_,
          "gst-launch-1.0 -q -e videotestsrc num-buffers=500 ! "
          "video/x-raw,width=160,height=120,framerate=25/1 ! x264enc key-int-max=25 b-adapt=false "
          "speed-preset=ultrafast bframes=" +
              std::to_string(GetParam()) +
              " ! h264parse ! mp4mux name=m ! filesink location=both.mp4 "
              "audiotestsrc num-buffers=938 samplesperbuffer=1024 ! audio/x-raw,rate=48000 ! "
              "avenc_aac ! aacparse ! m.");
    // From one thread, as from a camera: ronincmafmux waits for no track, and a second one that
    // comes after the first fragment would want a new file.
    Shell(folder_,
          "gst-launch-1.0 -q -e filesrc location=both.mp4 ! qtdemux name=d ! h264parse ! "
          "ronincmafmux name=m ! roninfragmux ! roninfilesink location=clip.mp4 "
          "d. ! aacparse ! m.");
  }

  /// What `ffprobe` says of it.
  double Ask(const std::string& options) {
    return std::atof(
        Shell(folder_, "ffprobe -v error -of csv=p=0 " + options + " clip.mp4").c_str());
  }

  const TempDir folder_;
};

TEST_P(WrittenFiles, FfmpegKnowsHowLongItIsAndSeeks) {
  EXPECT_NEAR(Ask("-show_entries format=duration"), 20, 0.1);
  EXPECT_NEAR(Ask("-select_streams v -read_intervals '10.5%+#1' -show_entries packet=pts_time"), 10,
              0.2);
  EXPECT_EQ(Shell(folder_, "ffmpeg -v error -xerror -i clip.mp4 -f null -"), "");
  EXPECT_EQ(Shell(folder_, "ffmpeg -v error -xerror -ss 19.5 -i clip.mp4 -frames:v 1 -f null -"),
            "");
}

TEST_P(WrittenFiles, SayTimesThatRise) {
  std::istringstream lines(Shell(
      folder_,
      "ffprobe -v error -select_streams v -show_entries packet=dts_time -of csv=p=0 clip.mp4"));
  double before = -1;
  int count = 0;
  for (double time = 0; lines >> time; lines.ignore(9, '\n')) {
    EXPECT_GT(time, before);
    before = time;
    ++count;
  }
  EXPECT_EQ(count, 500);
}

TEST_P(WrittenFiles, GStreamerKnowsHowLongItIsAndSeeks) {
  GErrorPtr error;
  const std::string line = "filesrc location=" + (folder_ / "clip.mp4") +
                           " ! qtdemux name=d d.video_0 ! fakesink name=sink sync=false";
  GstElement* pipeline = gst_parse_launch(line.c_str(), Out(error));
  ASSERT_NE(pipeline, nullptr);
  gst_element_set_state(pipeline, GST_STATE_PAUSED);
  ASSERT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 10 * GST_SECOND),
            GST_STATE_CHANGE_SUCCESS);
  gint64 duration = 0;
  EXPECT_TRUE(gst_element_query_duration(pipeline, GST_FORMAT_TIME, &duration));
  // By the last keyframe in the index, until it has read what follows that.
  EXPECT_GE(duration, gint64(19 * GST_SECOND));
  EXPECT_LE(duration, gint64(20.1 * GST_SECOND));

  EXPECT_TRUE(gst_element_seek_simple(pipeline, GST_FORMAT_TIME,
                                      GstSeekFlags(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT),
                                      gint64(10.5 * GST_SECOND)));
  ASSERT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 10 * GST_SECOND),
            GST_STATE_CHANGE_SUCCESS);
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  GstSample* sample = nullptr;
  g_object_get(sink, "last-sample", &sample, nullptr);
  ASSERT_NE(sample, nullptr);
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  // The sink leaves out what is before the place, from the keyframe on.
  EXPECT_NEAR(double(GST_BUFFER_PTS(buffer)) / GST_SECOND, 10.5, 0.1);
  gst_sample_unref(sample);
  gst_object_unref(sink);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

INSTANTIATE_TEST_SUITE_P(BFrames, WrittenFiles, ::testing::Values(0, 3));

}  // namespace
}  // namespace ronin
