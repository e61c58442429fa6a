// SPDX-License-Identifier: MIT
// Files of the plugin's own elements, cut off, and what is made of them.
#include "recording/repair.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include <gst/gst.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/text.h"
#include "gst/gst_ref.h"
#include "support/shell.h"
#include "support/temp_dir.h"

namespace ronin::recording {
namespace {

using testing::Shell;
using testing::TempDir;

constexpr char kUuid[] = "01234567-89ab-cdef-0123-456789abcdef";

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteAll(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

uint64_t Number(std::string_view bytes, size_t at, size_t size) {
  uint64_t out = 0;
  for (size_t i = 0; i < size; ++i) out = out << 8 | uint8_t(bytes.at(at + i));
  return out;
}

std::string Be64(uint64_t value) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += char(value >> shift);
  return out;
}

/// Runs it to its end. In this process, because gst-launch-1.0 cannot load a plugin that is built
/// with sanitizers.
void RunPipeline(const std::string& line) {
  GErrorPtr error;
  const GRef<GstElement> pipeline = Share(gst_parse_launch(line.c_str(), Out(error)));
  ASSERT_TRUE(pipeline && !error) << (error ? error->message : "");
  gst_element_set_state(pipeline.Get(), GST_STATE_PLAYING);
  const GRef<GstBus> bus = Adopt(gst_element_get_bus(pipeline.Get()));
  const GRef<GstMessage> end = Adopt(gst_bus_timed_pop_filtered(
      bus.Get(), 60 * GST_SECOND, GstMessageType(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  EXPECT_TRUE(end && GST_MESSAGE_TYPE(end.Get()) == GST_MESSAGE_EOS);
  gst_element_set_state(pipeline.Get(), GST_STATE_NULL);
}

/// A box of a file, found without the code under test.
struct Place {
  std::string type;
  size_t begin = 0;
  size_t end = 0;
};

std::vector<Place> TopBoxes(std::string_view file) {
  std::vector<Place> out;
  for (size_t at = 0; at + 8 <= file.size(); at = out.back().end) {
    const size_t size = std::max<size_t>(Number(file, at, 4), 8);
    out.push_back({std::string(file.substr(at + 4, 4)), at, at + size});
  }
  return out;
}

/// Four seconds of reordered H.264 and of AAC, closed in order by roninfilesink.
class RepairTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = new TempDir;
    RunPipeline(Concat(
        "videotestsrc num-buffers=100 ! video/x-raw,width=160,height=120,framerate=25/1 ! "
        "x264enc key-int-max=25 b-adapt=false bframes=2 bitrate=100 speed-preset=ultrafast ! "
        "h264parse ! ronincmafmux name=m ! roninfragmux camera-id=",
        kUuid, " ! roninfilesink location=", *dir_ / "closed.mp4",
        " audiotestsrc num-buffers=188 samplesperbuffer=1024 ! audio/x-raw,rate=48000 ! "
        "avenc_aac ! aacparse ! m."));
    closed_ = ReadAll(*dir_ / "closed.mp4");
    const auto boxes = TopBoxes(closed_);
    for (const Place& box : boxes) {
      if (box.type == "mdat") ends_.push_back(box.end);
    }
    ASSERT_GT(ends_.size(), 12U);
    ASSERT_EQ(boxes.at(boxes.size() - 2).type, "uuid");
    ASSERT_EQ(boxes.back().type, "mfra");
    ASSERT_EQ(boxes.back().end, closed_.size());
  }
  static void TearDownTestSuite() {
    delete dir_;
    ends_.clear();
  }

  /// What is left of a file with these bytes.
  std::string Repaired(std::string_view bytes) {
    WriteAll(path_, bytes);
    const auto scan = Repair(path_);
    EXPECT_TRUE(scan) << scan.error().Text();
    const std::string out = ReadAll(path_);
    if (scan) {
      EXPECT_EQ(scan->whole_bytes, out.size());
      EXPECT_EQ(scan->torn_bytes, 0U);
    }
    return out;
  }

  static std::string_view Fragments(size_t count) {
    return std::string_view(closed_).substr(0, ends_[count - 1]);
  }

  static inline TempDir* dir_ = nullptr;
  static inline std::string closed_;
  static inline std::vector<size_t> ends_;  // of the fragments
  std::string path_ = *dir_ / "test.mp4";
};

TEST_F(RepairTest, AFileThatWasClosedStaysAsItIs) { EXPECT_TRUE(Repaired(closed_) == closed_); }

TEST_F(RepairTest, AFileThatWasCutInItsIndexIsTheClosedOneAgain) {
  for (size_t size = ends_.back(); size < closed_.size(); ++size) {
    ASSERT_TRUE(Repaired(closed_.substr(0, size)) == closed_) << size;
    if (size % 5 != 0) continue;
    // After a power cut the end may be there, but not what was in it.
    std::string zeros = closed_.substr(0, size);
    zeros.resize(closed_.size(), '\0');
    ASSERT_TRUE(Repaired(zeros) == closed_) << size;
  }
  EXPECT_TRUE(Repaired(closed_ + std::string(100, '\0')) == closed_);
}

TEST_F(RepairTest, AFileThatWasCutInAFragmentEndsWithTheIndexOfThoseThatAreWhole) {
  for (size_t count = 1; count < ends_.size(); ++count) {
    const size_t next = ends_[count] - ends_[count - 1];
    for (const size_t more : {size_t(0), size_t(1), size_t(40), next / 2, next - 1}) {
      const std::string file = Repaired(closed_.substr(0, ends_[count - 1] + more));

      ASSERT_TRUE(file.starts_with(Fragments(count))) << "payload is never touched";
      const auto boxes = TopBoxes(file);
      const Place uuid = boxes.at(boxes.size() - 2);
      ASSERT_EQ(uuid.type, "uuid");
      ASSERT_EQ(boxes.back().type, "mfra");
      ASSERT_EQ(boxes.back().end, file.size());
      ASSERT_EQ(Number(file, uuid.begin + 44, 4), count);
      // Its sizes tile the file from the first fragment to the last.
      uint64_t at = Number(file, uuid.begin + 28, 8);
      ASSERT_EQ(at, boxes.at(2).begin);
      for (size_t i = 0; i < count; ++i) {
        at += Number(file, uuid.begin + 48 + 12 * i + 4, 4);
        ASSERT_EQ(at, ends_[i]);
      }
      ASSERT_EQ(Number(file, file.size() - 4, 4), boxes.back().end - boxes.back().begin);
    }
  }
}

TEST_F(RepairTest, KilledAnywhereInItTheNextOneMakesTheSameFile) {
  const size_t whole = ends_[6];
  const std::string torn = closed_.substr(0, whole + 500);
  const std::string repaired = Repaired(torn);
  ASSERT_GT(repaired.size(), whole);

  // It cuts first, and then only appends: these are all states that it can leave.
  for (size_t size = whole; size <= repaired.size(); ++size) {
    ASSERT_TRUE(Repaired(repaired.substr(0, size)) == repaired) << size;
  }
  EXPECT_TRUE(Repaired(torn) == repaired);
}

TEST_F(RepairTest, ADiskThatDoesNotTakeTheIndexLeavesAFileThatPlays) {
  const size_t whole = ends_[6];
  const std::string repaired = Repaired(closed_.substr(0, whole + 500));
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before = {};
  getrlimit(RLIMIT_FSIZE, &before);
  for (size_t room = whole; room < repaired.size(); ++room) {
    WriteAll(path_, closed_.substr(0, whole + 500));
    rlimit limit = before;
    limit.rlim_cur = room;
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto scan = Repair(path_);
    setrlimit(RLIMIT_FSIZE, &before);

    ASSERT_TRUE(scan) << scan.error().Text();
    ASSERT_EQ(scan->whole_bytes, whole);
    ASSERT_TRUE(ReadAll(path_) == Fragments(7)) << "nothing torn is left behind";
  }
  std::signal(SIGXFSZ, handler);

  ASSERT_TRUE(Repair(path_));
  EXPECT_TRUE(ReadAll(path_) == repaired) << "once the disk takes it again";
}

TEST_F(RepairTest, ARepairedFileIsReadSilentlyAndSeeks) {
  const std::string ffprobe = "timeout 60 ffprobe -v error -of csv=p=0 ";
  const auto packets = [&](const char* stream) {
    return Shell(Concat(ffprobe, "-count_packets -select_streams ", stream,
                        " -show_entries stream=nb_read_packets ", path_));
  };
  WriteAll(path_, Fragments(ends_.size() - 1));
  const std::string sound = packets("a");

  const auto scan = Repair(path_);

  ASSERT_TRUE(scan);
  EXPECT_GT(scan->whole_bytes, Fragments(ends_.size() - 1).size());
  EXPECT_EQ(packets("v"), Concat(scan->frames, '\n'));
  EXPECT_EQ(packets("a"), sound);
  EXPECT_GT(std::stoi(sound), 10);
  EXPECT_EQ(Shell(Concat("timeout 60 ffmpeg -v error -xerror -i ", path_, " -f null -")), "");
  const std::string at = Shell(
      Concat(ffprobe, "-select_streams v -read_intervals '2.5%+#1' -show_entries packet=pts_time ",
             path_));
  EXPECT_NEAR(std::stod(at), 2, 0.3) << "the keyframe before it";
  EXPECT_EQ(Shell(Concat("timeout 60 ffmpeg -v error -xerror -ss 3.2 -i ", path_,
                         " -frames:v 1 -f null -")),
            "");
}

TEST_F(RepairTest, AFileOfAnotherProgramGetsNoIndex) {
  Shell(
      Concat("timeout 60 gst-launch-1.0 -q videotestsrc num-buffers=50 ! x264enc key-int-max=10 "
             "tune=zerolatency ! h264parse ! mp4mux fragment-duration=250 streamable=true ! "
             "fdsink fd=1 | cat > ",
             path_));
  const std::string theirs = ReadAll(path_);
  EXPECT_TRUE(Repaired(theirs) == theirs);
}

TEST_F(RepairTest, WhatAnotherProgramAddedToOurFileStays) {
  const std::string box = std::string("\0\0\0\x20", 4) + "uuid" + std::string(24, 'x');
  for (const std::string& file : {std::string(Fragments(5)) + box, closed_ + box}) {
    EXPECT_TRUE(Repaired(file) == file);
  }
}

TEST_F(RepairTest, AnIndexIsNotAppendedToAFileThatHasChanged) {
  WriteAll(path_, Fragments(5));
  const auto scan = ScanMp4Media(path_);
  ASSERT_TRUE(scan && scan->unindexed);
  for (const std::string& other : {std::string(Fragments(6)), std::string(Fragments(4)), closed_,
                                   std::string(Fragments(5)) + "more", std::string()}) {
    WriteAll(path_, other);
    const auto added = AppendMp4Index(path_, *scan);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().kind, ErrorKind::kConflict);
    EXPECT_TRUE(ReadAll(path_) == other);
  }
}

TEST_F(RepairTest, WhateverIsInAFileRepairingItTwiceChangesNothingMore) {
  std::mt19937 random(20261128);
  const auto below = [&](size_t limit) { return size_t(random() % limit); };
  for (int round = 0; round < 300; ++round) {
    std::string file = closed_.substr(0, closed_.size() - below(2) * below(3000));
    for (size_t i = 0; i < 1 + below(4); ++i) {
      const size_t base = below(2) == 0 ? 0 : ends_[below(ends_.size())];
      file[std::min(base + below(600), file.size() - 1)] = "\x00\x01\x7f\x80\xff"[below(5)];
    }
    WriteAll(path_, file);
    if (!Repair(path_)) continue;
    const std::string once = ReadAll(path_);
    ASSERT_TRUE(Repair(path_));
    ASSERT_TRUE(ReadAll(path_) == once) << round;
  }
}

TEST_F(RepairTest, ARowBeginsWhenTheFileSaysAndNotWhenItsNameDoes) {
  const std::string rel_path = "Elsewhere/2026-11-28/10-20-30.mp4";
  const std::string path = (*dir_) / rel_path;
  const SegmentFile file{rel_path, *SegmentPath::Parse(rel_path), 0};
  std::filesystem::create_directories((*dir_) / "Elsewhere/2026-11-28");
  std::string bytes = closed_;
  const size_t box = bytes.find("\x6d\x4f\x0f\x4e\x0e\x0c\x4c\x5e");
  ASSERT_NE(box, bytes.npos);

  WriteAll(path, bytes);
  const auto unsaid = RowOfFile(file, 5, ScanMp4Media(path).value());
  bytes[box + 19] = 3;  // the time is UTC; sub stream
  bytes.replace(box + 44, 8, Be64(1'700'000'000'123'456));
  WriteAll(path, bytes);
  const auto said = RowOfFile(file, 5, ScanMp4Media(path).value());
  bytes.replace(box + 44, 8, Be64(UINT64_MAX / 2));
  WriteAll(path, bytes);
  const auto absurd = RowOfFile(file, 5, ScanMp4Media(path).value());

  ASSERT_TRUE(unsaid && said && absurd);
  EXPECT_EQ(unsaid->start, file.named.start);
  EXPECT_EQ(unsaid->stream, StreamKind::kMain);
  EXPECT_EQ(absurd->start, file.named.start);
  const auto first = said->start - FromMicros(1'700'000'000'123'456);
  // Decoding begins before the first picture is shown, as B-frames follow it.
  EXPECT_GE(first, Micros(0));
  EXPECT_LT(first, Micros(200'000));
  EXPECT_EQ(said->stream, StreamKind::kSub);
  EXPECT_EQ(*said->end - said->start, *unsaid->end - unsaid->start);
  EXPECT_EQ(said->frames, 100);
  const auto origin = ReadMp4Origin(path);
  ASSERT_TRUE(origin && *origin);
  EXPECT_EQ((*origin)->camera_uuid, kUuid);
  EXPECT_FALSE((*origin)->zero);
}

}  // namespace
}  // namespace ronin::recording
