// SPDX-License-Identifier: MIT
#include "storage/mp4_scan.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteAll(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string Be32(size_t value) {
  return {char(value >> 24), char(value >> 16), char(value >> 8), char(value)};
}

std::string MakeBox(const char* type, const std::string& body) {
  return Be32(8 + body.size()) + type + body;
}

/// Where the boxes of a good file end, found without the code under test.
struct Ends {
  size_t header = 0;
  std::vector<size_t> fragments;
};

Ends FindEnds(const std::string& file) {
  Ends out;
  for (size_t at = 0; at + 8 <= file.size();) {
    size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(file[at + i]);
    const std::string type = file.substr(at + 4, 4);
    at += size;
    if (type == "moov") out.header = at;
    if (type == "mdat") out.fragments.push_back(at);
  }
  return out;
}

/// A file of GStreamer's own muxer, into a sink that cannot seek: 50 frames and 2 s of sound.
class Mp4ScanTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = new testing::TempDir;
    const std::string command =
        "gst-launch-1.0 -q mp4mux name=m fragment-duration=250 streamable=true ! fdsink fd=1 "
        "videotestsrc num-buffers=50 ! video/x-raw,width=160,height=120,framerate=25/1 ! "
        "x264enc key-int-max=10 bframes=0 tune=zerolatency ! h264parse ! m. "
        "audiotestsrc num-buffers=47 samplesperbuffer=1024 ! audio/x-raw,rate=24000,channels=1 ! "
        "avenc_aac ! aacparse ! m. | cat > " +
        (*dir_ / "good.mp4");
    ASSERT_EQ(std::system(command.c_str()), 0);
    file_ = ReadAll(*dir_ / "good.mp4");
    ends_ = FindEnds(file_);
    ASSERT_GT(ends_.fragments.size(), 8U);
  }
  static void TearDownTestSuite() { delete dir_; }

  // Writes and scans.
  Result<Mp4Scan> Scan(std::string_view bytes) {
    WriteAll(path_, bytes);
    return ScanMp4(path_);
  }

  static inline testing::TempDir* dir_ = nullptr;
  static inline std::string file_;
  static inline Ends ends_;
  std::string path_ = *dir_ / "test.mp4";
};

TEST_F(Mp4ScanTest, FindsWhatIsInAGoodFile) {
  const auto scan = Scan(file_);

  ASSERT_TRUE(scan) << scan.error().Text();
  EXPECT_EQ(scan->whole_bytes, file_.size());
  EXPECT_EQ(scan->torn_bytes, 0U);
  EXPECT_EQ(scan->fragments, ends_.fragments.size());
  EXPECT_EQ(scan->damaged, 0U);
  EXPECT_EQ(scan->frames, 50U);
  EXPECT_EQ(scan->duration, Micros(2'000'000));
  ASSERT_TRUE(scan->video);
  EXPECT_EQ(scan->video->codec, "avc1");
  EXPECT_EQ(scan->video->width, 160);
  EXPECT_EQ(scan->video->height, 120);
  ASSERT_TRUE(scan->audio);
  EXPECT_EQ(scan->audio->codec, "mp4a");
  EXPECT_EQ(scan->audio->sample_rate_hz, 24000);
  EXPECT_EQ(scan->audio->channels, 1);
}

TEST_F(Mp4ScanTest, KeepsTheWholePartOfAFileThatIsCutAnywhere) {
  const size_t from = ends_.fragments[ends_.fragments.size() - 6];
  WriteAll(path_, file_);
  uint64_t frames = UINT64_MAX;
  for (size_t size = file_.size(); size > from; --size) {
    ASSERT_EQ(truncate(path_.c_str(), off_t(size)), 0);
    const auto scan = ScanMp4(path_);
    ASSERT_TRUE(scan) << size;
    const size_t whole = *std::prev(std::ranges::upper_bound(ends_.fragments, size));
    ASSERT_EQ(scan->whole_bytes, whole) << size;
    ASSERT_EQ(scan->torn_bytes, size - whole) << size;
    ASSERT_LE(scan->frames, frames);
    frames = scan->frames;
  }
}

TEST_F(Mp4ScanTest, SaysWhenEvenTheHeaderIsTorn) {
  for (size_t size = 0; size < ends_.header; ++size) {
    const auto scan = Scan(std::string_view(file_).substr(0, size));
    ASSERT_FALSE(scan) << size;
    ASSERT_EQ(scan.error().kind, ErrorKind::kCorrupt);
  }
  const auto header_only = Scan(std::string_view(file_).substr(0, ends_.header));
  ASSERT_TRUE(header_only);
  EXPECT_EQ(header_only->whole_bytes, ends_.header);
  EXPECT_EQ(header_only->frames, 0U);
  EXPECT_EQ(header_only->duration, Micros(0));
}

TEST_F(Mp4ScanTest, CutsTheTornEndAndNothingElse) {
  const size_t whole = ends_.fragments[5];
  const auto torn = Scan(std::string_view(file_).substr(0, whole + 100));
  ASSERT_TRUE(torn);

  ASSERT_TRUE(CutTornTail(path_, *torn));

  EXPECT_EQ(ReadAll(path_), file_.substr(0, whole));
  EXPECT_EQ(ScanMp4(path_)->torn_bytes, 0U);
  EXPECT_TRUE(CutTornTail(path_, *ScanMp4(path_)));
}

TEST_F(Mp4ScanTest, CutsNoFileThatIsNotWhatWasScanned) {
  const auto torn = Scan(file_.substr(0, file_.size() - 1));
  ASSERT_TRUE(torn);
  for (const std::string& other :
       {file_, std::string(), std::string(file_.size() - 1, 'x'), file_.substr(0, 2000)}) {
    WriteAll(path_, other);
    const auto cut = CutTornTail(path_, *torn);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().kind, ErrorKind::kConflict);
    EXPECT_EQ(ReadAll(path_), other);
  }
  std::filesystem::remove(path_);
  EXPECT_EQ(CutTornTail(path_, *torn).error().kind, ErrorKind::kNotFound);
}

TEST_F(Mp4ScanTest, TakesZerosAfterTheLastFragmentForTorn) {
  const auto scan = Scan(file_ + std::string(5000, '\0'));

  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->whole_bytes, file_.size());
  EXPECT_EQ(scan->torn_bytes, 5000U);
}

TEST_F(Mp4ScanTest, KeepsTheIndexBehindTheFragments) {
  const std::string index = MakeBox("uuid", std::string(40, 'i')) + MakeBox("mfra", "index");

  EXPECT_EQ(Scan(file_ + index)->torn_bytes, 0U);
  EXPECT_EQ(Scan(file_ + index.substr(0, index.size() - 1))->torn_bytes, 12U);
}

/// The index as players want it: its last box tells how large it is.
std::string Index(size_t entries) {
  const std::string body = std::string(entries, 'i') + Be32(16) + "mfro" + Be32(0);
  return MakeBox("mfra", body + Be32(8 + body.size() + 4));
}

TEST_F(Mp4ScanTest, ReadsTheEndsAloneOfAFileThatWasClosedInOrder) {
  const std::string file = file_ + Index(5000);
  WriteAll(path_, file);
  const auto scan = ScanClosedMp4(path_, file.size(), 49);

  ASSERT_TRUE(scan) << scan.error().Text();
  EXPECT_EQ(scan->frames, 49U) << "nobody counted them";
  EXPECT_EQ(scan->whole_bytes, file.size());
  ASSERT_TRUE(scan->video);
  EXPECT_EQ(scan->video->width, 160);
  EXPECT_TRUE(scan->audio);
}

TEST_F(Mp4ScanTest, ScansAClosedFileThatIsNotAsItMustBe) {
  const std::string whole = file_ + Index(100);
  for (const std::string& file : {file_, whole + "x", whole.substr(0, whole.size() - 1),
                                  file_ + Index(100).substr(8), file_ + "x" + Index(100)}) {
    WriteAll(path_, file);
    const auto scan = ScanClosedMp4(path_, whole.size(), 49);
    ASSERT_TRUE(scan) << scan.error().Text();
    EXPECT_EQ(scan->frames, 50U);
  }
  EXPECT_EQ(ScanClosedMp4(path_ + ".gone", 5, 5).error().kind, ErrorKind::kNotFound);
  WriteAll(path_, Index(5));
  EXPECT_EQ(ScanClosedMp4(path_, 5, 5).error().kind, ErrorKind::kCorrupt);
}

TEST_F(Mp4ScanTest, TakesATimeStampBoxWithoutFragmentForTorn) {
  EXPECT_EQ(Scan(file_ + MakeBox("prft", std::string(24, 't')))->torn_bytes, 32U);
}

TEST_F(Mp4ScanTest, GoesOnAfterADamagedFragmentInTheMiddle) {
  std::string bytes = file_;
  const size_t moof = ends_.fragments[2];
  std::fill_n(bytes.begin() + std::ptrdiff_t(moof) + 8, 40, '\xff');

  const auto scan = Scan(bytes);

  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->whole_bytes, file_.size());
  EXPECT_EQ(scan->damaged, 1U);
  EXPECT_EQ(scan->fragments, ends_.fragments.size() - 1);
}

TEST_F(Mp4ScanTest, TakesFragmentsWhoseDataAreZerosForTorn) {
  const size_t count = ends_.fragments.size();
  for (size_t last = count - 4; last < count; ++last) {
    const size_t before = ends_.fragments[last - 1];
    const size_t mdat = file_.find("mdat", before) + 4;
    // As a power cut leaves it: the boxes are there, and blocks behind some place never came.
    const size_t kept = mdat + (ends_.fragments[last] - mdat) / 2;
    const std::string zeros(ends_.fragments[last] - kept, '\0');
    ASSERT_EQ(Scan(file_.substr(0, kept) + zeros)->whole_bytes, kept + zeros.size())
        << "its boxes alone do not tell";

    const auto scan = ScanMp4Media(path_);

    ASSERT_TRUE(scan);
    EXPECT_EQ(scan->whole_bytes, before);
    EXPECT_EQ(scan->torn_bytes, kept + zeros.size() - before);
    EXPECT_EQ(scan->fragments, last);
    const auto expected = Scan(file_.substr(0, before));
    EXPECT_EQ(scan->frames, expected->frames);
    EXPECT_EQ(scan->duration, expected->duration);
  }
}

TEST_F(Mp4ScanTest, CutsFragmentsWhoseDataAreZeros) {
  const size_t kept = ends_.fragments[4];
  std::string torn = file_;
  for (size_t i = 5; i < ends_.fragments.size(); ++i) {
    const size_t begin = torn.find("mdat", ends_.fragments[i - 1]) + 4;
    std::fill(torn.begin() + std::ptrdiff_t(begin),
              torn.begin() + std::ptrdiff_t(ends_.fragments[i]), '\0');
  }
  WriteAll(path_, torn);
  const auto scan = ScanMp4Media(path_);
  ASSERT_TRUE(scan);

  ASSERT_TRUE(CutTornTail(path_, *scan));

  EXPECT_EQ(ReadAll(path_), file_.substr(0, kept));
}

TEST_F(Mp4ScanTest, KeepsWhatStandsBehindAFragmentThatIsZeros) {
  std::string holed = file_;
  const size_t begin = holed.find("mdat", ends_.fragments[3]) + 4;
  std::fill(holed.begin() + std::ptrdiff_t(begin),
            holed.begin() + std::ptrdiff_t(ends_.fragments[4]), '\0');
  WriteAll(path_, holed);

  EXPECT_EQ(ScanMp4Media(path_)->torn_bytes, 0U);
}

TEST_F(Mp4ScanTest, FindsNothingTornInMediaThatAreGood) {
  WriteAll(path_, file_);
  const auto scan = ScanMp4Media(path_);

  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->whole_bytes, file_.size());
  EXPECT_EQ(scan->torn_bytes, 0U);
  EXPECT_EQ(scan->frames, 50U);
}

TEST_F(Mp4ScanTest, RefusesAnMp4WithoutFragments) {
  const auto scan = Scan(MakeBox("ftyp", "isom") + MakeBox("moov", "") + MakeBox("mdat", "x"));

  ASSERT_FALSE(scan);
  EXPECT_EQ(scan.error().kind, ErrorKind::kUnsupported);
}

TEST_F(Mp4ScanTest, BelievesNoSize) {
  const std::string head = file_.substr(0, ends_.header);
  for (const std::string& tail : {Be32(0) + "mdat", Be32(7) + "moof", Be32(0xffffffff) + "moof",
                                  Be32(1) + "moof" + Be32(0xffffffff) + Be32(0xffffffff),
                                  Be32(1) + "moof" + Be32(0) + Be32(15), Be32(1) + "moof",
                                  std::string("abc"), MakeBox("evil", ""), MakeBox("mdat", "x")}) {
    const auto scan = Scan(head + tail);
    ASSERT_TRUE(scan);
    EXPECT_EQ(scan->whole_bytes, ends_.header);
    EXPECT_EQ(scan->torn_bytes, tail.size());
  }
}

TEST_F(Mp4ScanTest, BelievesNoCountOrTimeInAFragment) {
  const auto fragment = [](const std::string& trun) {
    const std::string tfhd = MakeBox("tfhd", Be32(0) + Be32(1));
    const std::string tfdt = MakeBox("tfdt", Be32(0x01000000) + std::string(8, '\xff'));
    return MakeBox("moof", MakeBox("traf", tfhd + tfdt + MakeBox("trun", trun))) +
           MakeBox("mdat", "x");
  };
  const std::string head = file_.substr(0, ends_.header);
  for (const std::string& trun : {Be32(0x100) + Be32(0xffffffff), Be32(0) + Be32(0xffffffff),
                                  Be32(0xf05) + Be32(1), std::string("ab")}) {
    EXPECT_EQ(Scan(head + fragment(trun))->fragments, 0U);
  }
  const auto late = Scan(head + fragment(Be32(0x100) + Be32(1) + Be32(0xffffffff)));
  ASSERT_TRUE(late);
  EXPECT_EQ(late->frames, 1U);
  EXPECT_LE(late->duration, Micros(366LL * 86400 * 1'000'000));
}

TEST_F(Mp4ScanTest, SurvivesRandomMutations) {
  std::mt19937 random(20261123);
  const auto below = [&](size_t limit) { return size_t(random() % limit); };
  WriteAll(path_, file_);
  const UniqueFd fd(open(path_.c_str(), O_RDWR));
  for (int round = 0; round < 10'000; ++round) {
    std::vector<size_t> touched;
    // Boxes are at the beginning of fragments; that is where it hurts.
    for (size_t i = 0; i < 1 + below(4); ++i) {
      const size_t base = below(2) == 0 ? 0 : ends_.fragments[below(ends_.fragments.size() - 1)];
      const size_t at =
          std::min(base + below(below(2) == 0 ? 200 : ends_.header), file_.size() - 1);
      const char value = below(2) == 0 ? char(random()) : "\x00\x01\x7f\x80\xff"[below(5)];
      ASSERT_EQ(pwrite(fd.Get(), &value, 1, off_t(at)), 1);
      touched.push_back(at);
    }
    if (const auto scan = ScanMp4Media(path_); scan) {
      ASSERT_EQ(scan->whole_bytes + scan->torn_bytes, file_.size());
      ASSERT_GE(scan->duration.count(), 0);
    }
    for (const size_t at : touched) ASSERT_EQ(pwrite(fd.Get(), &file_[at], 1, off_t(at)), 1);
  }
  EXPECT_EQ(ScanMp4(path_)->frames, 50U);
}

TEST_F(Mp4ScanTest, ScansRegularFilesOnly) {
  EXPECT_EQ(ScanMp4(*dir_ / "none").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(ScanMp4(dir_->path()).error().kind, ErrorKind::kInvalidArgument);
}

}  // namespace
}  // namespace ronin
