// SPDX-License-Identifier: MIT
#include "api/policy_fields.h"

#include <gtest/gtest.h>

namespace ronin::api {
namespace {

PolicyFields PolicyOf(const char* text, bool cameras = true) {
  return ReadPolicyFields(JsonValue::Parse(text).value(), cameras);
}

std::vector<std::string> BadOf(const char* text, bool cameras = true) {
  std::vector<std::string> out;
  for (const auto& error : PolicyOf(text, cameras).errors) out.push_back(error.field);
  return out;
}

TEST(PolicyFields, WhatIsNotNamedStaysAndNullIsNoLimit) {
  retention::Limits limits{.days = 30, .bytes = 5, .min_free = 7};

  const auto fields = PolicyOf(R"({"retention_days":null,"sub_retention_bytes":9,
                                   "held":{"since":1},"last_run":null})");

  ASSERT_TRUE(fields.errors.empty());
  ASSERT_TRUE(fields.ApplyTo(&limits));
  EXPECT_EQ(limits, (retention::Limits{.bytes = 5, .sub_bytes = 9, .min_free = 7}));
}

TEST(PolicyFields, EveryBadFieldIsTold) {
  EXPECT_EQ(BadOf(R"({"retention_days":0,"retention_bytes":1.5,"min_free_bytes":-1,
                      "colour":"red","retention_min_days":36501,"sub_retention_days":"7"})"),
            (std::vector<std::string>{"retention_days", "retention_bytes", "min_free_bytes",
                                      "colour", "retention_min_days", "sub_retention_days"}));
  EXPECT_TRUE(BadOf(R"({"min_free_bytes":0,"retention_days":36500})").empty());
}

TEST(PolicyFields, CamerasAreForPreviewsOnly) {
  const char* text = R"({"cameras":[{"id":3,"retention_days":7,"sub_retention_bytes":null}]})";
  const auto fields = PolicyOf(text);

  ASSERT_EQ(fields.cameras.size(), 1U);
  EXPECT_EQ(fields.cameras[0].id, 3);
  EXPECT_EQ(fields.cameras[0].fields.size(), 2U);
  EXPECT_EQ(BadOf(text, false), (std::vector<std::string>{"cameras"}));
  EXPECT_EQ(BadOf(R"({"cameras":[{"retention_days":0},{"id":1,"name":"a"},7]})"),
            (std::vector<std::string>{"cameras[0].id", "cameras[0].retention_days",
                                      "cameras[1].name", "cameras[2].id"}));
  EXPECT_EQ(BadOf(R"({"cameras":7})"), (std::vector<std::string>{"cameras"}));
}

TEST(PolicyFields, NoMoreCanBeKeptAtLeastThanAtMost) {
  retention::Limits limits{.days = 3};

  EXPECT_FALSE(PolicyOf(R"({"retention_min_days":4})").ApplyTo(&limits));
  EXPECT_TRUE(PolicyOf(R"({"retention_days":4})").ApplyTo(&limits));
}

}  // namespace
}  // namespace ronin::api
