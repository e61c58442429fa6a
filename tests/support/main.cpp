// SPDX-License-Identifier: MIT
#include <gst/gst.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "base/main_thread.h"
#include "gst/known_complaints.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  gst_init(&argc, &argv);
  ronin::SetMainThread();
  ronin::log::Install(ronin::log::Level::kWarning);
  ronin::log::Tolerate(ronin::gst::kEndedWhileConnecting);
  return RUN_ALL_TESTS();
}
