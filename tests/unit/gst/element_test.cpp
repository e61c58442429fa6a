// SPDX-License-Identifier: MIT
#include "gst/element.h"

#include <thread>

#include <gtest/gtest.h>

namespace ronin::gst {
namespace {

/// A state change of a bin, on a thread of its own, that has reached its only element and waits.
/// The element is taken out meanwhile, and set to NULL.
TEST(ElementTest, WhatIsTakenOutOfABinIsNotReachedByAStateChangeThatIsUnderWay) {
  const GRef<GstElement> bin = Share(gst_bin_new(nullptr));
  const GRef<GstElement> element = *MakeElement("identity", "");
  gst_bin_add(GST_BIN(bin.Get()), element.Get());
  const auto references = [&] { return GST_OBJECT_REFCOUNT_VALUE(element.Get()); };
  const auto before = references();

  GST_STATE_LOCK(element.Get());  // recursive: not in the way of this thread
  std::thread change([&] { gst_element_set_state(bin.Get(), GST_STATE_READY); });
  while (references() == before) std::this_thread::yield();  // until the bin comes to the element
  TakeOut(bin.Get(), element.Get());
  gst_element_set_state(element.Get(), GST_STATE_NULL);
  GST_STATE_UNLOCK(element.Get());
  change.join();

  EXPECT_EQ(GST_STATE(element.Get()), GST_STATE_NULL);
  EXPECT_EQ(GST_OBJECT_PARENT(element.Get()), nullptr);
  gst_element_set_state(bin.Get(), GST_STATE_NULL);
}

}  // namespace
}  // namespace ronin::gst
