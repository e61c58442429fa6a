// SPDX-License-Identifier: MIT
#include "gst/tee_branch.h"

#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include <gst/check/gstharness.h>
#include <gtest/gtest.h>

#include "gst/element.h"

namespace ronin::gst {
namespace {

/// A sink pad that counts buffers.
class Sink {
 public:
  Sink() {
    gst_pad_set_element_private(pad_.Get(), this);
    gst_pad_set_chain_function(pad_.Get(), [](GstPad* pad, GstObject*, GstBuffer* buffer) noexcept {
      gst_buffer_unref(buffer);
      ++static_cast<Sink*>(gst_pad_get_element_private(pad))->count_;
      return GST_FLOW_OK;
    });
    gst_pad_set_active(pad_.Get(), TRUE);
  }
  ~Sink() { gst_pad_set_active(pad_.Get(), FALSE); }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  GRef<GstPad> pad() const { return pad_; }
  int count() const { return count_; }

 private:
  GRef<GstPad> pad_ = Share(gst_pad_new("sink", GST_PAD_SINK));
  std::atomic<int> count_{0};
};

class TeeBranchTest : public ::testing::Test {
 protected:
  void SetUp() override { gst_harness_set_src_caps_str(harness_.get(), "application/x-test"); }

  GstElement* tee() const { return tee_.Get(); }
  GstFlowReturn Push() { return gst_harness_push(harness_.get(), gst_buffer_new()); }

  int Outputs() const {
    int count = -1;
    g_object_get(tee(), "num-src-pads", &count, nullptr);
    return count;
  }

  const GRef<GstElement> tee_ = MakeElement("tee", "", {{"allow-not-linked", "true"}}).value();
  const std::unique_ptr<GstHarness, FreeWith<gst_harness_teardown>> harness_{
      gst_harness_new_with_element(tee_.Get(), "sink", nullptr)};
};

TEST_F(TeeBranchTest, GetsTheStreamUntilItIsUnlinked) {
  const Sink sink;
  auto branch = TeeBranch::Link(tee(), sink.pad()).value();
  EXPECT_EQ(Push(), GST_FLOW_OK);

  branch.Unlink();

  EXPECT_EQ(Push(), GST_FLOW_OK) << "the stream goes on without a branch";
  EXPECT_EQ(sink.count(), 1);
  EXPECT_EQ(Outputs(), 0);
  EXPECT_FALSE(branch);
}

TEST_F(TeeBranchTest, IsUnlinkedInItsDestructorButNotWhenItMoves) {
  const Sink sink;
  {
    auto first = TeeBranch::Link(tee(), sink.pad()).value();
    TeeBranch second;
    second = std::move(first);
    EXPECT_EQ(Push(), GST_FLOW_OK);
    EXPECT_EQ(sink.count(), 1);
  }

  EXPECT_EQ(Push(), GST_FLOW_OK);

  EXPECT_EQ(sink.count(), 1);
  EXPECT_EQ(Outputs(), 0);
}

TEST_F(TeeBranchTest, IsRefusedForAPadThatIsTaken) {
  const Sink sink;
  const auto branch = TeeBranch::Link(tee(), sink.pad()).value();

  const auto refused = TeeBranch::Link(tee(), sink.pad());

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInternal);
  EXPECT_EQ(Outputs(), 1);
}

TEST_F(TeeBranchTest, ComesAndGoesWithoutStoppingTheStreamOfAnother) {
  const Sink kept;
  const auto branch = TeeBranch::Link(tee(), kept.pad()).value();
  std::atomic<bool> end{false};
  std::atomic<int> pushed{0};
  int refused = 0;
  std::thread stream([&] {
    for (; !end; ++pushed) refused += Push() == GST_FLOW_OK ? 0 : 1;
  });

  for (int i = 0; i < 200; ++i) {
    const Sink sink;
    const auto other = TeeBranch::Link(tee(), sink.pad()).value();
    // The stream's caps and segment arrive with its next buffer.
    while (sink.count() == 0) std::this_thread::yield();
  }
  end = true;
  stream.join();

  EXPECT_EQ(refused, 0);
  EXPECT_EQ(kept.count(), pushed);
}

}  // namespace
}  // namespace ronin::gst
