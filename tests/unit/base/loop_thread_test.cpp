// SPDX-License-Identifier: MIT
#include "base/loop_thread.h"

#include <future>

#include <gtest/gtest.h>

namespace ronin {
namespace {

void RunOn(GMainContext* context, GSourceFunc callback, gpointer data) {
  GSource* source = g_timeout_source_new(0);
  g_source_set_callback(source, callback, data, nullptr);
  g_source_attach(source, context);
  g_source_unref(source);
}

TEST(LoopThread, RunsTheSourcesOfItsContextOnAThreadOfItsOwn) {
  std::promise<std::thread::id> ran;
  const LoopThread thread("test");

  RunOn(
      thread.context(),
      [](gpointer data) -> gboolean {
        static_cast<std::promise<std::thread::id>*>(data)->set_value(std::this_thread::get_id());
        return G_SOURCE_REMOVE;
      },
      &ran);

  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
}

TEST(LoopThread, EndsWithASourceThatWouldRunForEver) {
  std::promise<void> ran;
  int runs = 0;
  struct Data {
    std::promise<void>& ran;
    int& runs;
  } data{ran, runs};
  {
    const LoopThread thread("test");
    RunOn(
        thread.context(),
        [](gpointer raw) -> gboolean {
          auto& [told, count] = *static_cast<Data*>(raw);
          if (++count == 1) told.set_value();
          return G_SOURCE_CONTINUE;
        },
        &data);
    ran.get_future().wait();
  }

  EXPECT_GE(runs, 1);
}

TEST(LoopThread, EndsEvenIfItHasHardlyBegun) {
  for (int i = 0; i < 200; ++i) const LoopThread thread("test");
}

}  // namespace
}  // namespace ronin
