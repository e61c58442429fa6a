// SPDX-License-Identifier: MIT
#include "live/capture_stream.h"

#include <string>

#include <gio/gio.h>
#include <gtest/gtest.h>

namespace ronin::live {
namespace {

/// A stream and what it handed over.
struct Capture {
  int times = 0;
  std::string content;
  GRef<GOutputStream> stream = NewCaptureStream([this](GRef<GBytes> bytes) {
    ++times;
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.Get(), &size));
    content = data != nullptr ? std::string(data, size) : "";
  });

  void Write(const std::string& text) {
    g_output_stream_write_all(stream.Get(), text.data(), text.size(), nullptr, nullptr, nullptr);
  }
};

TEST(CaptureStream, HandsOverEverythingWhenItIsClosed) {
  Capture capture;
  capture.Write("one ");
  capture.Write("two");
  EXPECT_EQ(capture.times, 0);

  g_output_stream_close(capture.stream.Get(), nullptr, nullptr);

  EXPECT_EQ(capture.content, "one two");
}

TEST(CaptureStream, HandsOverEverythingWhenItIsDropped) {
  Capture capture;
  capture.Write("media");

  capture.stream.Reset();

  EXPECT_EQ(capture.content, "media");
}

TEST(CaptureStream, HandsOverOnce) {
  Capture capture;

  g_output_stream_close(capture.stream.Get(), nullptr, nullptr);
  capture.stream.Reset();

  EXPECT_EQ(capture.times, 1);
}

}  // namespace
}  // namespace ronin::live
