// SPDX-License-Identifier: MIT
#include "app/options.h"

#include <gtest/gtest.h>

namespace ronin::app {
namespace {

using Words = std::vector<std::string>;

TEST(Options, NothingRunsWithoutDemo) {
  const auto options = ParseOptions({});

  ASSERT_TRUE(options);
  EXPECT_EQ(options->action, Options::Action::kRun);
  EXPECT_EQ(options->demo_cameras, 0);
  EXPECT_TRUE(options->overrides.empty());
}

TEST(Options, AValueStandsBehindEqualsOrIsTheNextArgument) {
  const auto options = ParseOptions({"--config=/a", "--data-dir", "/b", "--set", "x=y=z"});

  ASSERT_TRUE(options);
  EXPECT_EQ(options->config_file, "/a");
  EXPECT_EQ(options->overrides, (Words{"data_dir=/b", "x=y=z"}));
}

TEST(Options, RepeatedListsAreJoined) {
  const auto options = ParseOptions({"--listen=a:1", "--storage=/s", "--listen", "b:2"});

  ASSERT_TRUE(options);
  EXPECT_EQ(options->overrides, (Words{"listen=a:1;b:2", "storage=/s"}));
}

TEST(Options, DemoTakesOneToFive) {
  EXPECT_EQ(ParseOptions({"--demo"})->demo_cameras, 4);
  EXPECT_EQ(ParseOptions({"--demo=5"})->demo_cameras, 5);
  for (const char* bad : {"--demo=0", "--demo=6", "--demo=", "--demo=two", "--demo=10"}) {
    EXPECT_FALSE(ParseOptions({bad})) << bad;
  }
}

TEST(Options, KnowsTheActions) {
  EXPECT_EQ(ParseOptions({"--version"})->action, Options::Action::kVersion);
  EXPECT_EQ(ParseOptions({"-h"})->action, Options::Action::kHelp);
  EXPECT_EQ(ParseOptions({"--check-config"})->action, Options::Action::kCheckConfig);
  EXPECT_EQ(ParseOptions({"pipeline", "3"})->pipeline_target, "3");
  EXPECT_EQ(ParseOptions({"catalog", "check"})->catalog_work, "check");
  EXPECT_EQ(ParseOptions({"catalog", "rebuild"})->action, Options::Action::kCatalog);
  EXPECT_EQ(ParseOptions({"key", "rotate"})->action, Options::Action::kKey);
}

TEST(Options, RefusesWhatItDoesNotKnowAndWhatIsUnfinished) {
  for (const Words& words :
       {Words{"--frobnicate"}, Words{"--config"}, Words{"pipeline"}, Words{"catalog"},
        Words{"catalog", "shred"}, Words{"key"}, Words{"key", "lose"}}) {
    const auto options = ParseOptions(words);

    ASSERT_FALSE(options) << words[0];
    EXPECT_EQ(options.error().kind, ErrorKind::kInvalidArgument);
  }
}

}  // namespace
}  // namespace ronin::app
