// SPDX-License-Identifier: MIT
#include "secrets/passphrase_box.h"

#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(PassphraseBox, OpensWithItsPassphraseOnly) {
  const std::string sealed = SealWithPassphrase("hunter2", "correct horse").value();

  EXPECT_EQ(OpenWithPassphrase(sealed, "correct horse"), "hunter2");
  const auto wrong = OpenWithPassphrase(sealed, "correct horsf");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::kInvalidArgument);
  EXPECT_EQ(sealed.find("hunter2"), std::string::npos);
  EXPECT_NE(SealWithPassphrase("hunter2", "correct horse").value(), sealed);
}

TEST(PassphraseBox, SealsAnEmptyText) {
  EXPECT_EQ(OpenWithPassphrase(SealWithPassphrase("", "x").value(), "x"), "");
}

TEST(PassphraseBox, OpensNothingThatWasChanged) {
  const std::string sealed = SealWithPassphrase("hunter2", "x").value();

  for (const size_t at : {size_t{0}, size_t{5}, size_t{30}, sealed.size() - 6}) {
    std::string changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(OpenWithPassphrase(changed, "x")) << at;
  }
  for (const std::string& text : {std::string(), std::string("AQ=="), sealed.substr(0, 60),
                                  sealed + "AAAA", std::string("!") + sealed}) {
    EXPECT_FALSE(OpenWithPassphrase(text, "x")) << text;
  }
}

}  // namespace
}  // namespace ronin
