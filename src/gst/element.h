// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <string>

#include "base/result.h"
#include "gst/gst_ref.h"

namespace ronin::gst {

/// One property of an element as text, in the form that gst-launch-1.0 takes.
struct Property {
  const char* name;
  std::string value;
};

/// Makes an element that is in no bin yet, with its properties set.
/// Errors: kUnsupported naming the plugin that is missing. Any thread.
Result<GRef<GstElement>> MakeElement(const char* factory, const std::string& name,
                                     std::initializer_list<Property> properties = {});

/// The static pad `name` of `element`; the pad must exist.
GRef<GstPad> StaticPad(GstElement* element, const char* name);

/// Takes an element out of its bin, before it is set to NULL. No state change of the bin that is
/// under way reaches it any more; without this, one that a thread of GStreamer makes may set it to
/// PLAYING again behind the NULL. Any thread.
void TakeOut(GstElement* bin, GstElement* element);

/// "element: message (debug)" of an error message, with credentials masked.
std::string ErrorText(GstMessage* message);

/// Marks a branch whose failure must not end the pipeline that it is part of, such as a live view
/// beside a recording; and tells whether a message comes from such a branch. Any thread.
void MarkOptional(GstElement* branch);
bool FromOptionalBranch(GstMessage* message);

}  // namespace ronin::gst
