// SPDX-License-Identifier: MIT
#include "base/mailbox.h"

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/main_loop.h"

namespace ronin {
namespace {

using testing::PumpUntil;

TEST(Mailbox, RunsLettersOfAnotherThreadInOrderOnTheOwnersThread) {
  Mailbox box;
  std::vector<int> got;
  const auto owner = std::this_thread::get_id();
  std::thread sender([sender = box.sender(), &got, owner] {
    for (int i = 0; i < 1000; ++i) {
      sender.Post([&got, i, owner] {
        EXPECT_EQ(std::this_thread::get_id(), owner);
        got.push_back(i);
      });
    }
  });

  EXPECT_TRUE(PumpUntil([&] { return got.size() == 1000; }));

  sender.join();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(got[size_t(i)], i);
}

TEST(Mailbox, NeverRunsALetterInsidePost) {
  Mailbox box;
  bool ran = false;

  box.Post([&] { ran = true; });

  EXPECT_FALSE(ran);
  EXPECT_TRUE(PumpUntil([&] { return ran; }));
}

TEST(Mailbox, DropsWhatArrivesAfterTheOwnerDied) {
  auto box = std::make_unique<Mailbox>();
  const Mailbox::Sender sender = box->sender();
  bool ran = false;
  sender.Post([&] { ran = true; });

  box.reset();
  sender.Post([&] { ran = true; });
  bool pumped = false;
  Mailbox other;
  other.Post([&] { pumped = true; });
  EXPECT_TRUE(PumpUntil([&] { return pumped; }));

  EXPECT_FALSE(ran);
}

TEST(Mailbox, ALetterMayDestroyTheOwner) {
  auto box = std::make_unique<Mailbox>();
  bool later = false;
  bool first = false;
  box->Post([&] {
    first = true;
    box.reset();
  });
  box->Post([&] { later = true; });

  EXPECT_TRUE(PumpUntil([&] { return first; }));

  EXPECT_FALSE(later);
}

}  // namespace
}  // namespace ronin
