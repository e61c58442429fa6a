// SPDX-License-Identifier: MIT
#include "base/signal_connection.h"

#include <utility>

#include <gio/gio.h>
#include <gtest/gtest.h>

namespace ronin {
namespace {

class SignalConnectionTest : public ::testing::Test {
 protected:
  void Emit() { g_action_activate(G_ACTION(action_.Get()), nullptr); }

  SignalConnection Count(int& count) {
    const auto handler = [](GSimpleAction*, GVariant*, int* out) noexcept { ++*out; };
    return SignalConnection::Connect(action_.Get(), "activate",
                                     G_CALLBACK(+static_cast<Handler>(handler)), &count);
  }

  using Handler = void (*)(GSimpleAction*, GVariant*, int*);
  GRef<GObject> action_ = Adopt(G_OBJECT(g_simple_action_new("test", nullptr)));
};

TEST_F(SignalConnectionTest, EndsInItsDestructor) {
  int calls = 0;
  {
    const SignalConnection connection = Count(calls);
    Emit();
  }

  Emit();

  EXPECT_EQ(calls, 1);
}

TEST_F(SignalConnectionTest, EndsWhenItIsDisconnectedAndNotTwice) {
  int calls = 0;
  SignalConnection connection = Count(calls);

  connection.Disconnect();
  connection.Disconnect();
  Emit();

  EXPECT_EQ(calls, 0);
  EXPECT_EQ(action_.Get()->ref_count, 1U);
}

TEST_F(SignalConnectionTest, IsOneConnectionHoweverOftenItMoves) {
  int calls = 0;
  SignalConnection first = Count(calls);
  SignalConnection second = std::move(first);
  SignalConnection third;
  third = std::move(second);

  Emit();

  EXPECT_EQ(calls, 1);
}

TEST_F(SignalConnectionTest, TheOneItReplacesEnds) {
  int old_calls = 0;
  int calls = 0;
  SignalConnection connection = Count(old_calls);

  connection = Count(calls);
  Emit();

  EXPECT_EQ(old_calls, 0);
  EXPECT_EQ(calls, 1);
}

TEST_F(SignalConnectionTest, KeepsItsInstanceAlive) {
  int calls = 0;
  const SignalConnection connection = Count(calls);
  GObject* raw = action_.Get();

  action_.Reset();

  EXPECT_EQ(raw->ref_count, 1U);
}

}  // namespace
}  // namespace ronin
