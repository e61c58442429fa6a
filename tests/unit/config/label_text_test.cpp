// SPDX-License-Identifier: MIT
#include "config/label_text.h"

#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(LabelText, TrimsTheSpaceOfAnyAlphabet) {
  EXPECT_EQ(ReadLabel(" Front door\t", 100), "Front door");
  EXPECT_EQ(ReadLabel("\u3000\u00a0門\u2003", 100), "門");
}

TEST(LabelText, CountsCharactersAndNotBytes) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "門";

  EXPECT_EQ(ReadLabel(name, 100), name);
  EXPECT_EQ(ReadLabel(name + "門", 100).error().message, "must have 1 to 100 characters");
}

TEST(LabelText, RefusesWhatCannotBeSeenOrMisleads) {
  for (const char* text : {"", " ", "\u3000", "\u200b", "\u200d\u200d"}) {
    EXPECT_EQ(ReadLabel(text, 100).error().message, "must have 1 to 100 characters") << text;
  }
  for (const char* text : {"a\nb",
                           "a\x7f"
                           "b",
                           "a\u0085b", "a\u2028b", "a\u202eb", "a\u2066b", "\x01"}) {
    EXPECT_EQ(ReadLabel(text, 100).error().message, "must not contain control characters") << text;
  }
  EXPECT_EQ(ReadLabel("a\xff", 100).error().message, "must be UTF-8 text");
}

TEST(LabelText, KeepsEmojiThatAreJoined) {
  EXPECT_EQ(ReadLabel("👩\u200d🚒 station", 100), "👩\u200d🚒 station");
}

}  // namespace
}  // namespace ronin
