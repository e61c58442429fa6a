// SPDX-License-Identifier: MIT
#include "base/redact.h"

#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(Redact, RemovesUserAndPassword) {
  EXPECT_EQ(Redact("open rtsp://admin:secret@192.0.2.1:554/a failed"),
            "open rtsp://***@192.0.2.1:554/a failed");
}

TEST(Redact, LeavesUrlsWithoutCredentialsAlone) {
  EXPECT_EQ(Redact("see http://127.0.0.1:8080/live?x=a@b"), "see http://127.0.0.1:8080/live?x=a@b");
}

TEST(Redact, TreatsEveryUrlInTheText) {
  EXPECT_EQ(Redact("rtsp://a:b@h/ and rtsps://c:d@i/"), "rtsp://***@h/ and rtsps://***@i/");
}

TEST(Redact, HidesPasswordsWithCharactersThatShouldHaveBeenEscaped) {
  EXPECT_EQ(Redact("rtsp://u:p@ss@host/x"), "rtsp://***@host/x");
  EXPECT_EQ(Redact("rtsp://u:p/w@host/x"), "rtsp://***@host/x");
  EXPECT_EQ(Redact("rtsp://u:p?w@host/x"), "rtsp://***@host/x");
}

TEST(Redact, HidesSecretsInAddressesOfCameras) {
  EXPECT_EQ(Redact("open rtsp://u:p@h/s?token=abc failed"), "open rtsp://***@h/s?token=*** failed");
  EXPECT_EQ(Redact("rtsp://h/a,rtsps://i/?x=secret"), "rtsp://h/a,rtsps://i/?x=***");
  EXPECT_EQ(Redact("rtsp://h/s?channel=1 rtsp://h/password=x/s"),
            "rtsp://h/s?channel=1 rtsp://h/password=***/s");
}

TEST(Redact, EndsAtTheEndOfTheText) {
  EXPECT_EQ(Redact("rtsp://"), "rtsp://");
  EXPECT_EQ(Redact("rtsp://u:p@"), "rtsp://***@");
}

}  // namespace
}  // namespace ronin
