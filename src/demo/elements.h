// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <memory>
#include <string>

#include <gst/gst.h>

#include "base/g_ref.h"
#include "base/result.h"

namespace ronin::demo {

/// Owns one reference to a GstObject.
template <typename T>
using GstPtr = std::unique_ptr<T, FreeWith<gst_object_unref>>;

/// Fails with kUnsupported and the names of the missing elements and their Debian packages.
Status RequireElements(std::initializer_list<const char*> names);

/// The first of `names` that is installed, or the last.
const char* FirstInstalled(std::initializer_list<const char*> names);

/// Makes a pipeline from launch syntax. Errors: kInternal.
Result<GstPtr<GstElement>> ParsePipeline(const std::string& text);

/// Runs a pipeline to its end. Blocks. Errors: kInternal with what the element said.
Status RunToEnd(GstElement* pipeline);

}  // namespace ronin::demo
