// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <gst/gst.h>

namespace ronin::testing {

/// A sink pad that writes down what comes, in order, and can block or fail on command.
/// Buffers are their offset ("7"; "7!" with DISCONT), events their name, with what matters of them.
/// Thread-safe. Release() before what pushes to it is stopped.
class RecordingPad {
 public:
  RecordingPad();
  ~RecordingPad();
  RecordingPad(const RecordingPad&) = delete;
  RecordingPad& operator=(const RecordingPad&) = delete;

  GstPad* pad() const { return pad_; }

  /// Whoever pushes a buffer from now on waits in it until Release() or a flush.
  void Hold();
  void Release();
  /// What buffers are answered from now on; GST_FLOW_OK in the beginning.
  void Answer(GstFlowReturn result);

  /// Waits until `entry` has come (20 s at most) and says whether it did.
  bool WaitFor(const std::string& entry);
  /// All that came, or only the buffers, separated by spaces; the first two wait for EOS.
  std::string AllUntilEos();
  std::string BuffersUntilEos();
  std::string All();

 private:
  static GstFlowReturn Chain(GstPad* pad, GstObject* parent, GstBuffer* buffer) noexcept;
  static gboolean Event(GstPad* pad, GstObject* parent, GstEvent* event) noexcept;
  void Write(const std::string& entry);
  std::string Join(bool events);

  GstPad* pad_;  ///< owned
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> entries_;
  bool held_ = false;
  bool flushing_ = false;
  GstFlowReturn answer_ = GST_FLOW_OK;
};

}  // namespace ronin::testing
