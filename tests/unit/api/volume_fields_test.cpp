// SPDX-License-Identifier: MIT
#include "api/volume_fields.h"

#include <gtest/gtest.h>

namespace ronin::api {
namespace {

constexpr VolumeUse kArchive{.weight = 2, .role = VolumeRole::kArchive, .move_after_days = 7};

VolumeFields ReadVolume(const std::string& body, const VolumeUse& base = {},
                        const std::string& path = {}) {
  return ReadVolumeFields(*JsonValue::Parse(body), base, path);
}

TEST(VolumeFields, ANewVolumeNeedsAFolder) {
  const auto fields = ReadVolume(R"({"path":"/mnt//disk2/x/../","weight":3})");

  EXPECT_TRUE(fields.errors.empty());
  EXPECT_EQ(fields.path, "/mnt/disk2");
  EXPECT_EQ(fields.use, VolumeUse{.weight = 3});
  const std::string wrong[] = {"{}",
                               R"({"path":""})",
                               R"({"path":"disk"})",
                               R"({"path":7})",
                               R"({"path":null})",
                               R"({"path":"/"})",
                               R"({"path":"/)" + std::string(1024, 'a') + "\"}"};
  for (const std::string& body : wrong) {
    ASSERT_EQ(ReadVolume(body).errors.size(), 1U) << body;
    EXPECT_EQ(ReadVolume(body).errors.front().field, "path");
  }
}

TEST(VolumeFields, WhatIsNotNamedStays) {
  EXPECT_EQ(ReadVolume(R"({"weight":5})", kArchive, "/a").use,
            (VolumeUse{.weight = 5, .role = VolumeRole::kArchive, .move_after_days = 7}));
  EXPECT_EQ(ReadVolume(R"({"move_after_days":null})", kArchive, "/a").use.move_after_days,
            std::nullopt);
  EXPECT_EQ(ReadVolume(R"({"role":"recording"})", kArchive, "/a").use, VolumeUse{.weight = 2});
  EXPECT_TRUE(ReadVolume(R"({"path":"/a","id":1,"state":"ok","free_bytes":5,"configured":true})",
                         kArchive, "/a")
                  .errors.empty());
  EXPECT_EQ(ReadVolume(R"({"path":"/b"})", kArchive, "/a").errors.size(), 1U);
}

TEST(VolumeFields, EveryBadFieldIsTold) {
  const auto fields =
      ReadVolume(R"({"weight":101,"role":"attic","move_after_days":-1,"colour":1})", {}, "/a");

  EXPECT_EQ(fields.errors.size(), 4U);
  EXPECT_EQ(ReadVolume(R"({"move_after_days":7})", {}, "/a").errors.size(), 1U)
      << "only for an archive";
  EXPECT_TRUE(ReadVolume(R"({"move_after_days":0,"role":"archive"})", {}, "/a").errors.empty());
}

}  // namespace
}  // namespace ronin::api
