// SPDX-License-Identifier: MIT
// Errors that come while a connection ends: they are consequences of its end.
#include <functional>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/source.h"
#include "camera/cameras.h"
#include "camera/reachability.h"
#include "support/fake_camera.h"
#include "support/main_loop.h"

namespace ronin::testing {
namespace {

using namespace std::chrono_literals;

/// The first reason needs no further question, the second does.
void PostNotFound(camera::Stream& stream) {
  GST_ELEMENT_ERROR(stream.pipeline(), RESOURCE, NOT_FOUND, ("no such stream"), (nullptr));
}
void PostClosed(camera::Stream& stream) {
  GST_ELEMENT_ERROR(stream.pipeline(), RESOURCE, READ, ("closed"), (nullptr));
}

/// A camera that answers and sends no picture; when its connection ends, one more error comes.
class EndingTest : public ::testing::Test, protected camera::StreamListener {
 protected:
  EndingTest() {
    device_.Stall();
    CameraRecord record;
    record.id = 1;
    record.name = "Yard";
    record.url = device_.url();
    cameras_.Add(record);
  }
  ~EndingTest() override {
    bool stopped = false;
    cameras_.StopAll([&] { stopped = true; });
    PumpUntil([&] { return stopped; });
  }

  void OnStreamBuilt(camera::Camera&, camera::Stream&) override {}
  void OnStreamEnding(camera::Camera&, camera::Stream& stream,
                      std::function<void()> done) override {
    // Nothing is in its way, so that it is told before the mailbox says that all is done.
    const GRef<GstBus> bus = Adopt(gst_element_get_bus(stream.pipeline()));
    gst_bus_set_flushing(bus.Get(), TRUE);
    gst_bus_set_flushing(bus.Get(), FALSE);
    PostClosed(stream);
    done();
    told_all_ = Source::After(0ms, [this] {
      // Begins after whatever the error has begun, and so ends after it.
      later_.Start("127.0.0.1", device_->port(), [this](const auto&...) { over_ = true; });
    });
  }
  camera::Camera& yard() { return *cameras_.Find(1); }
  bool WaitForTheEnd() {
    return PumpUntil([&] { return over_; }, kLong);
  }

  FakeCamera device_;
  const SystemClock clock_;
  gst::Reaper reaper_;
  Source told_all_;
  camera::ReachabilityProbe later_;
  bool over_ = false;
  std::set<std::string> told_;
  camera::Cameras cameras_{camera::Camera::Context{
      .clock = clock_, .reaper = reaper_, .listeners = {this}, .on_changed = [this](auto& camera) {
        if (camera.last_error()) told_.insert(camera.last_error()->code);
      }}};
};

TEST_F(EndingTest, TheFirstReasonOfAnEndStays) {
  PostNotFound(*yard().stream());

  ASSERT_TRUE(WaitForTheEnd());
  EXPECT_THAT(told_, ::testing::ElementsAre("not_found"));
}

TEST_F(EndingTest, ACameraThatIsSwitchedOffIsSwitchedOff) {
  CameraRecord off = yard().record();
  off.enabled = false;
  cameras_.Change(off);

  ASSERT_TRUE(WaitForTheEnd());
  EXPECT_EQ(yard().status(), camera::CameraStatus::kDisabled);
  EXPECT_THAT(told_, ::testing::IsEmpty());
}

}  // namespace
}  // namespace ronin::testing
