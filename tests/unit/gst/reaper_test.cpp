// SPDX-License-Identifier: MIT
#include "gst/reaper.h"

#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "gst/element.h"
#include "support/hang.h"
#include "support/main_loop.h"

namespace ronin::gst {
namespace {

using namespace std::chrono_literals;
using testing::Hang;
using testing::PumpUntil;

GRef<GstElement> ReadyElement() {
  GRef<GstElement> element = MakeElement("fakesink", "").value();
  EXPECT_EQ(gst_element_set_state(element.Get(), GST_STATE_READY), GST_STATE_CHANGE_SUCCESS);
  return element;
}

GRef<GstElement> HangingElement(Hang& hang) {
  GRef<GstElement> element = hang.Element();
  EXPECT_EQ(gst_element_set_state(element.Get(), GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  return element;
}

constexpr auto kAtOnce = Reaper::Settings{.deadline = 1ms, .patience = 1ms, .most_given_up = 2};

TEST(Reaper, EndsTheElementElsewhereAndThenSaysSoOnMain) {
  const GRef<GstElement> element = ReadyElement();
  std::thread::id where;
  GstState state = GST_STATE_VOID_PENDING;
  Reaper reaper;

  reaper.Retire({.what = "it", .elements = {element}, .done = [&] {
                   where = std::this_thread::get_id();
                   state = GST_STATE(element.Get());
                 }});
  ASSERT_TRUE(PumpUntil([&] { return state != GST_STATE_VOID_PENDING; }));

  EXPECT_EQ(state, GST_STATE_NULL);
  EXPECT_EQ(where, std::this_thread::get_id());
  EXPECT_EQ(reaper.Held("it"), 0U);
}

TEST(Reaper, DropsTheElementBeforeItSaysSo) {
  GRef<GstElement> element = ReadyElement();
  std::atomic<bool> gone{false};
  std::optional<bool> gone_before_done;
  g_object_weak_ref(
      G_OBJECT(element.Get()),
      [](gpointer data, GObject*) noexcept { *static_cast<std::atomic<bool>*>(data) = true; },
      &gone);
  Reaper reaper;

  reaper.Retire(
      {.what = "it", .elements = {std::move(element)}, .done = [&] { gone_before_done = gone; }});
  ASSERT_TRUE(PumpUntil([&] { return gone_before_done.has_value(); }));

  EXPECT_TRUE(*gone_before_done);
}

TEST(Reaper, EndsTheElementsOfOneOneAfterTheOther) {
  const GRef<GstElement> second = ReadyElement();
  Reaper reaper;
  Hang hang;
  bool done = false;

  reaper.Retire(
      {.what = "it", .elements = {HangingElement(hang), second}, .done = [&] { done = true; }});
  ASSERT_TRUE(PumpUntil([&] { return hang.hanging() == 1; }));
  EXPECT_EQ(GST_STATE(second.Get()), GST_STATE_READY);
  hang.LetGo();
  ASSERT_TRUE(PumpUntil([&] { return done; }));

  EXPECT_EQ(GST_STATE(second.Get()), GST_STATE_NULL);
}

TEST(Reaper, OneThatHangsDelaysNoOther) {
  constexpr int kOthers = 20;
  Reaper reaper;
  Hang hang;
  reaper.Retire({.what = "hangs", .elements = {HangingElement(hang)}});
  ASSERT_TRUE(PumpUntil([&] { return hang.hanging() == 1; }));

  int done = 0;
  for (int i = 0; i < kOthers; ++i) {
    reaper.Retire({.what = "other", .elements = {ReadyElement()}, .done = [&] { ++done; }});
  }
  ASSERT_TRUE(PumpUntil([&] { return done == kOthers; }));

  EXPECT_EQ(hang.hanging(), 1);
  EXPECT_EQ(reaper.Held("hangs"), 1U);
  EXPECT_EQ(reaper.Held("other"), 0U);
  EXPECT_EQ(reaper.Names(), std::vector<std::string>{"hangs"});
  EXPECT_EQ(reaper.Stuck(), 0U) << "its deadline has not come";
}

TEST(Reaper, WhatMissesItsDeadlineIsStuckUntilItEndsAfterAll) {
  Reaper reaper(kAtOnce);
  Hang hang;
  int stuck = 0;
  bool done = false;

  reaper.Retire({.what = "it",
                 .elements = {HangingElement(hang)},
                 .stuck = [&] { ++stuck; },
                 .done = [&] { done = true; }});
  ASSERT_TRUE(PumpUntil([&] { return stuck > 0; }));
  EXPECT_EQ(reaper.Stuck(), 1U);
  EXPECT_TRUE(reaper.IsStuck("it"));
  EXPECT_FALSE(reaper.IsStuck("another"));
  EXPECT_FALSE(done);
  hang.LetGo();
  ASSERT_TRUE(PumpUntil([&] { return done; }));

  EXPECT_EQ(stuck, 1);
  EXPECT_EQ(reaper.Stuck(), 0U);
  EXPECT_FALSE(reaper.IsStuck("it"));
}

TEST(Reaper, WhatEndsInTimeIsNeverStuck) {
  Reaper reaper({.deadline = 1h});
  bool stuck = false;
  bool done = false;

  reaper.Retire({.what = "it",
                 .elements = {ReadyElement()},
                 .stuck = [&] { stuck = true; },
                 .done = [&] { done = true; }});
  ASSERT_TRUE(PumpUntil([&] { return done; }));

  EXPECT_FALSE(stuck);
}

TEST(Reaper, CallsOnceForANewStartWhenTooManyAreGivenUp) {
  Reaper reaper(kAtOnce);
  Hang hang;
  int calls = 0;
  reaper.OnTooMany([&] { ++calls; });
  const auto retire = [&](bool needs_a_disk) {
    const int before = hang.hanging();
    reaper.Retire({.what = "it", .needs_a_disk = needs_a_disk, .elements = {HangingElement(hang)}});
    return PumpUntil([&] { return hang.hanging() == before + 1; });
  };
  const auto all_stuck = [&](size_t count) {
    return PumpUntil([&] { return reaper.Stuck() == count; });
  };

  ASSERT_TRUE(retire(true) && retire(true) && retire(true) && retire(false) && all_stuck(4));
  EXPECT_EQ(calls, 0) << "a new start brings no disk back, and one may be a bad camera";
  ASSERT_TRUE(retire(false));
  ASSERT_TRUE(PumpUntil([&] { return calls > 0; }));
  ASSERT_TRUE(retire(false) && all_stuck(6));

  EXPECT_EQ(calls, 1);
}

TEST(Reaper, RunsNoMoreThreadsThanItMay) {
  constexpr int kMost = int(Reaper::kMostThreads);
  constexpr int kMore = 10;
  Reaper reaper;
  Hang hang;
  int done = 0;

  for (int i = 0; i < kMost + kMore; ++i) {
    reaper.Retire({.what = "it", .elements = {HangingElement(hang)}, .done = [&] { ++done; }});
  }
  ASSERT_TRUE(PumpUntil([&] { return hang.hanging() == kMost; }));
  EXPECT_EQ(reaper.Held("it"), size_t(kMost + kMore));
  hang.LetGo();

  EXPECT_TRUE(PumpUntil([&] { return done == kMost + kMore; }));
}

TEST(Reaper, WaitsInItsDestructorForAllThatWereHandedOver) {
  constexpr int kElements = 20;
  std::atomic<int> gone{0};
  std::thread later;
  Hang hang;
  {
    Reaper reaper;
    for (int i = 0; i < kElements; ++i) {
      GRef<GstElement> element = HangingElement(hang);
      g_object_weak_ref(
          G_OBJECT(element.Get()),
          [](gpointer data, GObject*) noexcept { ++*static_cast<std::atomic<int>*>(data); }, &gone);
      reaper.Retire({.what = "it", .elements = {std::move(element)}});
    }
    EXPECT_EQ(gone, 0);
    later = std::thread([&hang] { hang.LetGo(); });
  }
  later.join();

  EXPECT_EQ(gone, kElements);
}

TEST(Reaper, CallsElsewhereWithAnElementThatIsAlive) {
  GRef<GstElement> element = ReadyElement();
  std::promise<GstState> state;
  std::thread::id where;

  Reaper::CallAsync(element.Get(), [&](GstElement* target) {
    where = std::this_thread::get_id();
    gst_element_set_state(target, GST_STATE_NULL);
    state.set_value(GST_STATE(target));
  });
  element.Reset();

  EXPECT_EQ(state.get_future().get(), GST_STATE_NULL);
  EXPECT_NE(where, std::this_thread::get_id());
}

}  // namespace
}  // namespace ronin::gst
