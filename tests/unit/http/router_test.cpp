// SPDX-License-Identifier: MIT
#include "http/router.h"

#include <gtest/gtest.h>

namespace ronin::http {
namespace {

const Handler kNothing = [](const RequestPtr&, Responder) {};

Router Sample() {
  Router router;
  router.Add(Method::kGet, "/", kNothing);
  router.Add(Method::kGet, "/api/cameras", kNothing);
  router.Add(Method::kPost, "/api/cameras", kNothing);
  router.Add(Method::kPost, "/api/cameras/test", kNothing);
  router.Add(Method::kGet, "/api/cameras/{id:int}", kNothing);
  router.Add(Method::kGet, "/api/cameras/{id:int}/hls/{segment}", kNothing);
  router.Add(Method::kGet, "/api/cameras/{id:int}/ll/playlist.m3u8", kNothing);
  router.Add(Method::kGet, "/api/cameras/{id:int}/ll/{n:int}.m4s", kNothing);
  router.Add(Method::kGet, "/api/cameras/{id:int}/ll/{part}.m4s", kNothing);
  return router;
}

TEST(Router, FindsTypedParameters) {
  const Router router = Sample();

  const auto match = router.Find(Method::kGet, "/api/cameras/7/hls/a%20b.ts");

  ASSERT_NE(match.handler, nullptr);
  EXPECT_EQ(match.int_params.at(0), (std::pair<std::string, int64_t>("id", 7)));
  EXPECT_EQ(match.text_params.at(0), (std::pair<std::string, std::string>("segment", "a b.ts")));
}

TEST(Router, RefusesNumbersThatAreNoIds) {
  const Router router = Sample();
  for (const char* id : {"0", "-1", "+1", "1.0", "x", "%31x", "9999999999999999999999"}) {
    const auto match = router.Find(Method::kGet, std::string("/api/cameras/") + id);

    EXPECT_EQ(match.handler, nullptr) << id;
    EXPECT_TRUE(match.allow.empty()) << id;
  }
}

TEST(Router, RefusesSegmentsThatCouldLeaveAFolder) {
  const Router router = Sample();
  for (const char* bad : {"..", ".", "%2e%2e", "a%2Fb", "a%00b", "%", "%zz", "%ff", ""}) {
    EXPECT_EQ(router.Find(Method::kGet, std::string("/api/cameras/1/hls/") + bad).handler, nullptr)
        << bad;
  }
}

TEST(Router, PrefersWhatIsMoreSpecific) {
  const Router router = Sample();

  EXPECT_EQ(router.Find(Method::kGet, "/api/cameras/1/ll/playlist.m3u8").pattern,
            "/api/cameras/{id:int}/ll/playlist.m3u8");
  EXPECT_EQ(router.Find(Method::kGet, "/api/cameras/1/ll/5.m4s").pattern,
            "/api/cameras/{id:int}/ll/{n:int}.m4s");
  EXPECT_EQ(router.Find(Method::kGet, "/api/cameras/1/ll/5.2.m4s").pattern,
            "/api/cameras/{id:int}/ll/{part}.m4s");
}

TEST(Router, TellsWhichMethodsAPathTakes) {
  const Router router = Sample();

  const auto match = router.Find(Method::kDelete, "/api/cameras");

  EXPECT_EQ(match.handler, nullptr);
  EXPECT_EQ(match.allow, (std::vector{Method::kGet, Method::kHead, Method::kPost}));
}

TEST(Router, ServesHeadByTheHandlerOfGet) {
  EXPECT_NE(Sample().Find(Method::kHead, "/api/cameras").handler, nullptr);
  EXPECT_NE(Sample().Find(Method::kGet, "/").handler, nullptr);
}

TEST(Router, ListsItsRoutes) {
  const auto routes = Sample().Routes();

  ASSERT_EQ(routes.size(), 9u);
  EXPECT_EQ(routes[2].pattern, "/api/cameras");
  EXPECT_EQ(routes[2].method, Method::kPost);
}

TEST(RouterDeathTest, ARouteAddedTwiceIsABug) {
  EXPECT_DEATH(
      {
        Router router = Sample();
        router.Add(Method::kGet, "/api/cameras", kNothing);
      },
      "");
}

}  // namespace
}  // namespace ronin::http
