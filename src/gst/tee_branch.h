// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "gst/gst_ref.h"

namespace ronin::gst {

/// One output of a `tee`, linked to a sink pad for as long as this lives. Thread: main.
/// The tee has `allow-not-linked`, so unlinking never stops its stream.
class TeeBranch {
 public:
  TeeBranch() noexcept = default;
  /// Errors: kInternal when the pads do not fit.
  static Result<TeeBranch> Link(GstElement* tee, GRef<GstPad> sink);
  TeeBranch(TeeBranch&&) noexcept = default;
  TeeBranch& operator=(TeeBranch&& other) noexcept;
  ~TeeBranch() { Unlink(); }

  /// Nothing more comes through after it returned, but for a buffer that is on its way.
  void Unlink() noexcept;
  explicit operator bool() const noexcept { return bool(source_); }

 private:
  GRef<GstElement> tee_;
  GRef<GstPad> source_;
  GRef<GstPad> sink_;
};

}  // namespace ronin::gst
