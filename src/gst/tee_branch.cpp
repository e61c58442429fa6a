// SPDX-License-Identifier: MIT
#include "gst/tee_branch.h"

#include <utility>

namespace ronin::gst {

Result<TeeBranch> TeeBranch::Link(GstElement* tee, GRef<GstPad> sink) {
  TeeBranch out;
  out.tee_ = Share(tee);
  out.source_ = Adopt(gst_element_request_pad_simple(tee, "src_%u"));
  out.sink_ = std::move(sink);
  if (gst_pad_link(out.source_.Get(), out.sink_.Get()) != GST_PAD_LINK_OK) {
    return Fail(ErrorKind::kInternal, "a branch of the pipeline could not be linked");
  }
  return out;
}

TeeBranch& TeeBranch::operator=(TeeBranch&& other) noexcept {
  if (this != &other) {
    Unlink();
    tee_ = std::move(other.tee_);
    source_ = std::move(other.source_);
    sink_ = std::move(other.sink_);
  }
  return *this;
}

void TeeBranch::Unlink() noexcept {
  if (!source_) return;
  gst_pad_unlink(source_.Get(), sink_.Get());
  gst_element_release_request_pad(tee_.Get(), source_.Get());
  source_.Reset();
  sink_.Reset();
  tee_.Reset();
}

}  // namespace ronin::gst
