// SPDX-License-Identifier: MIT
#include "mp4/file_origin.h"

#include <gtest/gtest.h>

namespace ronin_plugin {
namespace {

constexpr char kText[] = "01234567-89ab-cdef-0123-456789abcdef";

std::optional<FileOrigin> ReadBack(const Bytes& moov) {
  return FileOrigin::Read(BoxReader(moov.data(), 0, moov.size()));
}

TEST(ParseUuid, TakesTheUsualFormAndNothingElse) {
  const auto uuid = ParseUuid("01234567-89ab-CDEF-0123-456789abcdef");
  ASSERT_TRUE(uuid);
  EXPECT_EQ((*uuid)[0], 0x01);
  EXPECT_EQ((*uuid)[6], 0xcd);
  EXPECT_EQ((*uuid)[15], 0xef);
  EXPECT_EQ(UuidText(*uuid), kText);
  for (const char* text :
       {"", "01234567", "0123456789ab-cdef-0123-456789abcdef00",
        "01234567-89ab-cdef-0123-456789abcdeg", "01234567-89ab-cdef-0123-456789abcdef0"}) {
    EXPECT_FALSE(ParseUuid(text)) << text;
  }
}

TEST(FileOrigin, IsReadAsItWasWritten) {
  for (const FileOrigin& origin :
       {FileOrigin{}, FileOrigin{.camera = *ParseUuid(kText), .connection = 7, .sub_stream = true},
        FileOrigin{.camera = *ParseUuid(kText), .utc_us = 1'700'000'000'000'001}}) {
    Bytes moov = {0, 0, 0, 9, 't', 'r', 'a', 'k', 1};
    const Bytes box = origin.Write();
    moov.insert(moov.end(), box.begin(), box.end());

    EXPECT_EQ(ReadBack(moov), origin);
  }
}

TEST(FileOrigin, IsNotReadFromOtherBoxesOrFromAPartOfItsOwn) {
  const Bytes box = FileOrigin{.connection = 7, .utc_us = 5}.Write();
  for (size_t size = 0; size < box.size(); ++size) {
    EXPECT_FALSE(ReadBack(Bytes(box.begin(), box.begin() + ptrdiff_t(size)))) << size;
  }
  Bytes shorter(box.begin(), box.end() - 1);
  shorter[3] = uint8_t(shorter.size());
  EXPECT_FALSE(ReadBack(shorter));
  for (const size_t changed : {size_t(4), size_t(8), size_t(23)}) {
    Bytes other = box;
    other[changed] ^= 1;
    EXPECT_FALSE(ReadBack(other)) << "another type or kind";
  }
  Bytes newer = box;
  newer[24] = 1;
  EXPECT_FALSE(ReadBack(newer)) << "another version";
}

}  // namespace
}  // namespace ronin_plugin
