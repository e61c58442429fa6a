// SPDX-License-Identifier: MIT
#include "camera/reachability.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "support/main_loop.h"
#include "support/silent_port.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;
using testing::PumpUntil;

const std::string kHere = "127.0.0.1";

// What it forgets, LeakSanitizer tells at the end of the program.
TEST(Reachability, OfAHostThatDoesNotAnswerIsATimeoutEachTime) {
  const testing::SilentPort nobody;
  ReachabilityProbe probe(20ms);

  for (int i = 0; i < 5; ++i) {
    std::string code;
    std::string sentence;
    probe.Start(kHere, nobody.port(), [&](const std::string& found, const std::string& message) {
      code = found;
      sentence = message;
    });
    ASSERT_TRUE(PumpUntil([&] { return !code.empty(); }));

    EXPECT_EQ(code, "timeout");
    EXPECT_TRUE(sentence.starts_with("No answer from 127.0.0.1:")) << sentence;
  }
}

TEST(Reachability, OfAPortWhereNobodyListensIsARefusal) {
  ReachabilityProbe probe;
  std::string code;

  probe.Start(kHere, 1, [&](const std::string& found, const std::string&) { code = found; });

  ASSERT_TRUE(PumpUntil([&] { return !code.empty(); }));
  EXPECT_EQ(code, "refused");
}

TEST(Reachability, TellsNobodyOnceItIsCancelledOrDestroyed) {
  const testing::SilentPort nobody;
  int told = 0;
  const auto tell = [&](const std::string&, const std::string&) { ++told; };
  ReachabilityProbe cancelled(1ms);
  cancelled.Start(kHere, nobody.port(), tell);
  cancelled.Cancel();
  ReachabilityProbe(1ms).Start(kHere, nobody.port(), tell);
  ReachabilityProbe again(1ms);
  std::string code;
  again.Start(kHere, 1, tell);

  again.Start(kHere, nobody.port(),
              [&](const std::string& found, const std::string&) { code = found; });

  ASSERT_TRUE(PumpUntil([&] { return !code.empty(); }));
  EXPECT_EQ(code, "timeout");
  EXPECT_EQ(told, 0);
}

TEST(Reachability, MayBeDestroyedByWhoIsTold) {
  auto probe = std::make_unique<ReachabilityProbe>();
  bool told = false;

  probe->Start(kHere, 1, [&](const std::string&, const std::string&) {
    probe.reset();
    told = true;
  });

  EXPECT_TRUE(PumpUntil([&] { return told; }));
  EXPECT_EQ(probe, nullptr);
}

}  // namespace
}  // namespace ronin::camera
