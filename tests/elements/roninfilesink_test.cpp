// SPDX-License-Identifier: MIT
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <gst/check/gstharness.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/g_ref.h"
#include "support/shell.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using testing::Shell;
using testing::TempDir;

std::string Box(const std::string& type, const std::string& body) {
  const size_t size = 8 + body.size();
  return std::string{char(size >> 24), char(size >> 16), char(size >> 8), char(size)} + type + body;
}

std::string Content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool Exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

using StructurePtr = std::unique_ptr<GstStructure, FreeWith<gst_structure_free>>;

/// Files of this process cannot grow beyond `bytes` while it lives; whoever tries gets EFBIG.
class FileSizeLimit {
 public:
  /// @param handler  of the signal that whoever tries gets, too
  explicit FileSizeLimit(rlim_t bytes, void (*handler)(int) = SIG_IGN)
      : old_handler_(std::signal(SIGXFSZ, handler)) {
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  /// A handler that lets the next one through.
  static void Lift(int) {
    rlimit limit{};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

class RoninFileSink : public ::testing::Test {
 protected:
  void SetUp() override {
    GstElement* element = gst_element_factory_make("roninfilesink", nullptr);
    ASSERT_NE(element, nullptr) << "is the plugin in GST_PLUGIN_PATH?";
    harness_ = gst_harness_new_with_element(element, "sink", nullptr);
    gst_object_unref(element);
    bus_ = gst_bus_new();
    gst_element_set_bus(harness_->element, bus_);
  }

  void TearDown() override {
    if (harness_ == nullptr) return;
    gst_element_set_bus(harness_->element, nullptr);
    gst_harness_teardown(harness_);
    gst_object_unref(bus_);
  }

  /// Begins a stream into `location`.
  void Open(const std::string& location) {
    g_object_set(harness_->element, "location", location.c_str(), nullptr);
    gst_harness_play(harness_);
    gst_harness_set_src_caps_str(harness_, "video/quicktime,variant=(string)iso-fragmented");
  }

  GstFlowReturn Push(const std::string& bytes) {
    return gst_harness_push(harness_, gst_buffer_new_memdup(bytes.data(), bytes.size()));
  }

  void PushHeader() {
    Push(ftyp_);
    Push(moov_);
  }

  void PushHeaderAndFragment() {
    PushHeader();
    Push(moof_);
    Push(mdat_);
  }

  /// The oldest element message that nobody took yet, or nothing.
  StructurePtr TakeMessage() {
    GstMessage* message = gst_bus_pop_filtered(bus_, GST_MESSAGE_ELEMENT);
    if (message == nullptr) return nullptr;
    StructurePtr out(gst_structure_copy(gst_message_get_structure(message)));
    gst_message_unref(message);
    return out;
  }

  /// Takes a message that must be an error, and returns its errno; 0 if it is none.
  int TakeError(const std::string& location) {
    const StructurePtr message = TakeMessage();
    if (!message || !gst_structure_has_name(message.get(), "ronin-file-error")) return 0;
    EXPECT_STREQ(gst_structure_get_string(message.get(), "location"), location.c_str());
    EXPECT_NE(gst_structure_get_string(message.get(), "text"), nullptr);
    int number = 0;
    gst_structure_get_int(message.get(), "errno", &number);
    return number;
  }

  guint64 BytesWritten() {
    guint64 bytes = 0;
    g_object_get(harness_->element, "bytes-written", &bytes, nullptr);
    return bytes;
  }

  const std::string ftyp_ = Box("ftyp", "isom");
  const std::string moov_ = Box("moov", "tracks");
  const std::string moof_ = Box("moof", "samples");
  const std::string mdat_ = Box("mdat", "pictures");
  const std::string whole_ = ftyp_ + moov_ + moof_ + mdat_;
  const TempDir folder_;
  const std::string file_ = folder_ / "clip.mp4";
  GstHarness* harness_ = nullptr;
  GstBus* bus_ = nullptr;
};

TEST_F(RoninFileSink, CreatesTheFileWithItsFirstFragment) {
  Open(file_);

  PushHeader();
  Push(moof_);
  EXPECT_FALSE(Exists(file_)) << "a file without pictures is of no use to anybody";
  EXPECT_FALSE(TakeMessage());
  Push(mdat_);

  EXPECT_EQ(Content(file_), whole_);
  EXPECT_EQ(BytesWritten(), whole_.size());
  const StructurePtr message = TakeMessage();
  ASSERT_TRUE(message);
  EXPECT_TRUE(gst_structure_has_name(message.get(), "ronin-file-opened"));
  EXPECT_STREQ(gst_structure_get_string(message.get(), "location"), file_.c_str());
}

TEST_F(RoninFileSink, WritesAFragmentOnlyWhenItIsWhole) {
  Open(file_);
  PushHeaderAndFragment();

  Push(moof_);
  EXPECT_EQ(Content(file_), whole_);
  Push(mdat_);

  EXPECT_EQ(Content(file_), whole_ + moof_ + mdat_);
}

TEST_F(RoninFileSink, WritesAFragmentThatComesInPiecesOnce) {
  Open(file_);
  PushHeader();

  Push(moof_);
  Push(mdat_.substr(0, 8));
  Push(mdat_.substr(8, 3));
  EXPECT_FALSE(Exists(file_));
  Push(mdat_.substr(11));

  EXPECT_EQ(Content(file_), whole_);
}

TEST_F(RoninFileSink, WritesMorePiecesThanOneWritevTakes) {
  constexpr int kPieces = 3000;
  Open(file_);
  PushHeader();
  const std::string mdat = Box("mdat", std::string(kPieces, 'x'));

  Push(moof_);
  Push(mdat.substr(0, 8));
  for (int i = 0; i < kPieces; ++i) Push("x");

  EXPECT_EQ(Content(file_), ftyp_ + moov_ + moof_ + mdat);
}

TEST_F(RoninFileSink, DropsTheTornFragmentWhenItIsStopped) {
  Open(file_);
  PushHeaderAndFragment();
  Push(moof_);

  gst_element_set_state(harness_->element, GST_STATE_NULL);

  EXPECT_EQ(Content(file_), whole_);
}

TEST_F(RoninFileSink, SaysWhatItWroteAtTheEndOfTheStream) {
  Open(file_);
  PushHeader();
  Push(moof_);
  Push(mdat_);
  Push(moof_);
  Push(mdat_);

  TakeMessage();  // opened

  gst_harness_push_event(harness_, gst_event_new_eos());

  const StructurePtr message = TakeMessage();
  ASSERT_TRUE(message);
  EXPECT_TRUE(gst_structure_has_name(message.get(), "ronin-file-closed"));
  EXPECT_STREQ(gst_structure_get_string(message.get(), "location"), file_.c_str());
  guint64 size = 0;
  guint64 fragments = 0;
  EXPECT_TRUE(gst_structure_get_uint64(message.get(), "size", &size));
  EXPECT_TRUE(gst_structure_get_uint64(message.get(), "fragments", &fragments));
  EXPECT_EQ(size, Content(file_).size());
  EXPECT_EQ(fragments, 2U);
  guint64 frames = 0;
  EXPECT_TRUE(gst_structure_get_uint64(message.get(), "frames", &frames));
  EXPECT_EQ(frames, 0U) << "of boxes that make no sense";
  EXPECT_FALSE(TakeMessage());
}

TEST_F(RoninFileSink, EndsWithAWholeFragmentWhenTheStreamEndsInsideOne) {
  Open(file_);
  PushHeaderAndFragment();
  Push(moof_);

  gst_harness_push_event(harness_, gst_event_new_eos());

  EXPECT_EQ(Content(file_), whole_);
}

TEST_F(RoninFileSink, CreatesNothingWhenNoPictureCame) {
  Open(file_);
  PushHeader();

  gst_harness_push_event(harness_, gst_event_new_eos());

  EXPECT_FALSE(Exists(file_));
  const StructurePtr message = TakeMessage();
  ASSERT_TRUE(message) << "who waits for the end hears of it";
  EXPECT_TRUE(gst_structure_has_name(message.get(), "ronin-file-closed"));
  EXPECT_STREQ(gst_structure_get_string(message.get(), "location"), file_.c_str());
  guint64 size = 1;
  EXPECT_TRUE(gst_structure_get_uint64(message.get(), "size", &size));
  EXPECT_EQ(size, 0U);
}

TEST_F(RoninFileSink, IsNotSeekable) {
  Open(file_);
  GstQuery* query = gst_query_new_seeking(GST_FORMAT_BYTES);

  const bool answered = gst_pad_peer_query(harness_->srcpad, query) != FALSE;

  gboolean seekable = TRUE;
  gst_query_parse_seeking(query, nullptr, &seekable, nullptr, nullptr);
  gst_query_unref(query);
  EXPECT_TRUE(answered);
  EXPECT_FALSE(seekable);
}

TEST_F(RoninFileSink, LeavesAFileThatExistsAlone) {
  std::ofstream(file_) << "precious";
  Open(file_);

  PushHeaderAndFragment();
  const int error = TakeError(file_);

  EXPECT_EQ(error, EEXIST);
  EXPECT_EQ(Push(moof_), GST_FLOW_OK);
  EXPECT_EQ(Push(mdat_), GST_FLOW_OK);
  gst_harness_push_event(harness_, gst_event_new_eos());
  EXPECT_EQ(Content(file_), "precious");
  EXPECT_FALSE(TakeMessage()) << "an error is told once, and nothing was closed";
}

TEST_F(RoninFileSink, AMissingFolderDoesNotStopTheStream) {
  const std::string nowhere = folder_ / "gone/clip.mp4";
  Open(nowhere);

  PushHeaderAndFragment();

  EXPECT_EQ(TakeError(nowhere), ENOENT);
  EXPECT_EQ(Push(moof_), GST_FLOW_OK);
  EXPECT_EQ(Push(mdat_), GST_FLOW_OK);
  EXPECT_FALSE(TakeMessage());
}

TEST_F(RoninFileSink, AFullDiskLeavesWholeFragments) {
  Open(file_);
  PushHeaderAndFragment();
  TakeMessage();  // opened
  const FileSizeLimit limit(whole_.size() + moof_.size() + 3);

  EXPECT_EQ(Push(moof_), GST_FLOW_OK);
  EXPECT_EQ(Push(mdat_), GST_FLOW_OK);

  EXPECT_EQ(TakeError(file_), EFBIG);
  EXPECT_EQ(Content(file_), whole_);
  EXPECT_EQ(BytesWritten(), whole_.size());
}

TEST_F(RoninFileSink, LosesNothingWhenAWriteFailsOnce) {
  Open(file_);
  PushHeaderAndFragment();
  TakeMessage();  // opened
  {
    const FileSizeLimit limit(whole_.size() + moof_.size() + 3, FileSizeLimit::Lift);
    EXPECT_EQ(Push(moof_), GST_FLOW_OK);
    EXPECT_EQ(Push(mdat_), GST_FLOW_OK);
  }

  const StructurePtr message = TakeMessage();
  ASSERT_TRUE(message);
  EXPECT_TRUE(gst_structure_has_name(message.get(), "ronin-file-retried"));
  int number = 0;
  gst_structure_get_int(message.get(), "errno", &number);
  EXPECT_EQ(number, EFBIG);
  EXPECT_EQ(Content(file_), whole_ + moof_ + mdat_);
  EXPECT_EQ(BytesWritten(), whole_.size() + moof_.size() + mdat_.size());
}

TEST_F(RoninFileSink, ADiskThatIsFullFromTheStartLeavesNoFile) {
  Open(file_);
  const FileSizeLimit limit(3);

  PushHeaderAndFragment();

  EXPECT_EQ(TakeError(file_), EFBIG);
  EXPECT_FALSE(Exists(file_));
}

TEST_F(RoninFileSink, WritesNothingMoreAfterAnError) {
  Open(file_);
  PushHeaderAndFragment();
  TakeMessage();  // opened
  {
    const FileSizeLimit limit(whole_.size());
    Push(moof_);
    Push(mdat_);
  }
  ASSERT_EQ(TakeError(file_), EFBIG);

  EXPECT_EQ(Push(moof_), GST_FLOW_OK);
  EXPECT_EQ(Push(mdat_), GST_FLOW_OK);

  EXPECT_EQ(Content(file_), whole_);
}

TEST_F(RoninFileSink, TakesAnotherLocationAfterReady) {
  const std::string second = folder_ / "second.mp4";
  Open(file_);
  PushHeaderAndFragment();

  gst_element_set_state(harness_->element, GST_STATE_READY);
  Open(second);
  PushHeaderAndFragment();
  Push(moof_);
  Push(mdat_);

  EXPECT_EQ(Content(file_), whole_);
  EXPECT_EQ(Content(second), whole_ + moof_ + mdat_);
}

TEST_F(RoninFileSink, WorksAgainAfterAnErrorAndReady) {
  std::ofstream(file_) << "precious";
  const std::string second = folder_ / "second.mp4";
  Open(file_);
  PushHeaderAndFragment();
  ASSERT_EQ(TakeError(file_), EEXIST);

  gst_element_set_state(harness_->element, GST_STATE_READY);
  Open(second);
  PushHeaderAndFragment();

  EXPECT_EQ(Content(second), whole_);
  EXPECT_EQ(TakeError(second), 0);
}

/// The indented line of plugins/README.md that begins with "gst-launch-1.0".
std::string LaunchLine() {
  std::ifstream readme(std::string(std::getenv("RONIN_SOURCE_ROOT")) + "/plugins/README.md");
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("    gst-launch-1.0 ")) return line;
  }
  return {};
}

TEST(RoninFileSinkReadme, TheLaunchLineWritesAFileThatFfprobeReadsSilently) {
  const TempDir folder;
  const std::string line = LaunchLine();
  ASSERT_NE(line.find("location=clip.mp4"), std::string::npos);

  Shell("cd " + folder.path().string() + " && " + line);

  EXPECT_EQ(Shell("ffprobe -v error " + (folder / "clip.mp4")), "");
  EXPECT_EQ(
      Shell("ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 " +
            (folder / "clip.mp4")),
      "60\n");
}

}  // namespace
}  // namespace ronin
