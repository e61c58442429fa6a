// SPDX-License-Identifier: MIT
#include <gst/gst.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "base/main_thread.h"
#include "gst/known_complaints.h"
#include "support/kept_for_ever.h"

int main(int argc, char** argv) {
  ronin::testing::LibrariesAreLoaded();
  testing::InitGoogleTest(&argc, argv);
  {
    const ronin::testing::KeptForEver registry;
    gst_init(&argc, &argv);
    ronin::testing::MakeRoomForQuarks();
  }
  ronin::SetMainThread();
  ronin::log::Install(ronin::log::Level::kWarning);
  ronin::log::Tolerate(ronin::gst::kEndedWhileConnecting);
  return RUN_ALL_TESTS();
}
