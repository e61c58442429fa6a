// SPDX-License-Identifier: MIT
#include "box_boundary.h"

#include <string>

#include <gtest/gtest.h>

namespace ronin_plugin {
namespace {

std::string Box(const std::string& type, const std::string& body = "") {
  const size_t size = 8 + body.size();
  return std::string{char(size >> 24), char(size >> 16), char(size >> 8), char(size)} + type + body;
}

BoxBoundary::Seen Feed(BoxBoundary& boundary, const std::string& bytes) {
  return boundary.Feed(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

TEST(BoxBoundary, AFragmentIsCompleteAfterMdat) {
  BoxBoundary boundary;

  const auto head = Feed(boundary, Box("moof", "samples"));
  const auto data = Feed(boundary, Box("mdat", "pictures"));

  EXPECT_FALSE(head.complete);
  EXPECT_EQ(head.fragments, 0U);
  EXPECT_TRUE(data.complete);
  EXPECT_EQ(data.fragments, 1U);
}

TEST(BoxBoundary, WhatLeadsAFragmentIsNotCutOffFromIt) {
  for (const char* type : {"ftyp", "moov", "styp", "prft", "emsg", "sidx", "moof"}) {
    BoxBoundary boundary;

    EXPECT_FALSE(Feed(boundary, Box(type, "x")).complete) << type;
  }
}

TEST(BoxBoundary, TheBoxAfterTheFragmentsIsCompleteByItself) {
  BoxBoundary boundary;

  EXPECT_TRUE(Feed(boundary, Box("mfra", "index")).complete);
}

TEST(BoxBoundary, CountsEveryFragmentInOnePiece) {
  BoxBoundary boundary;
  const std::string fragment = Box("moof", "a") + Box("mdat", "b");

  const auto seen = Feed(boundary, fragment + fragment + fragment);

  EXPECT_TRUE(seen.complete);
  EXPECT_EQ(seen.fragments, 3U);
}

TEST(BoxBoundary, SeesTheSameWhenTheBytesComeOneByOne) {
  BoxBoundary boundary;
  const std::string bytes =
      Box("ftyp", "isom") + Box("moov") + Box("moof", "a") + Box("mdat", "bc");
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto seen = Feed(boundary, bytes.substr(i, 1));
    EXPECT_EQ(seen.complete, i + 1 == bytes.size()) << i;
    EXPECT_EQ(seen.fragments, i + 1 == bytes.size() ? 1U : 0U) << i;
  }
}

TEST(BoxBoundary, IsNotCompleteInTheMiddleOfTheNextBox) {
  BoxBoundary boundary;

  const auto seen = Feed(boundary, Box("moof") + Box("mdat", "x") + Box("moof").substr(0, 5));

  EXPECT_FALSE(seen.complete);
  EXPECT_EQ(seen.fragments, 1U);
}

TEST(BoxBoundary, ReadsSizesOfSixtyFourBits) {
  BoxBoundary boundary;
  const std::string large = std::string("\0\0\0\1mdat\0\0\0\0\0\0\0\x12", 16);

  EXPECT_FALSE(Feed(boundary, large).complete);
  EXPECT_FALSE(Feed(boundary, "a").complete);
  EXPECT_TRUE(Feed(boundary, "b").complete);
}

TEST(BoxBoundary, WhatIsNoBoxCountsAsCompleteFromThenOn) {
  BoxBoundary boundary;

  EXPECT_TRUE(Feed(boundary, std::string("\0\0\0\3free", 8)).complete);
  EXPECT_TRUE(Feed(boundary, "anything").complete);
}

TEST(BoxBoundary, ABoxUntilTheEndOfTheFileCountsAsComplete) {
  BoxBoundary boundary;

  EXPECT_TRUE(Feed(boundary, std::string("\0\0\0\0mdat", 8)).complete);
}

}  // namespace
}  // namespace ronin_plugin
