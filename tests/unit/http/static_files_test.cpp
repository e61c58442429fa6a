// SPDX-License-Identifier: MIT
#include "http/static_files.h"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace ronin::http {
namespace {

using ronin::testing::TempDir;

struct Answer : ReplySink {
  void Send(Response response) override {
    status = response.status;
    headers = std::move(response.headers);
  }
  void SendBytes(GRef<GBytes> bytes, std::string content_type, HeaderList more) override {
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.Get(), &size));
    status = 200;
    body.assign(data, size);
    type = std::move(content_type);
    headers = std::move(more);
  }
  void SendBody(std::shared_ptr<BodySource>, BodyOptions) override {}
  bool client_gone() const override { return false; }
  void OnClientGone(std::function<void()>) override {}
  std::string Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return "";
  }

  int status = 0;
  std::string body;
  std::string type;
  HeaderList headers;
};

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    std::filesystem::create_directories(folder_.path() / "assets");
    Write("index.html", "<page>");
    Write("favicon.svg", "<svg>");
    Write("assets/app-1a2b.js", "plain");
    Write("assets/app-1a2b.js.br", "brotli");
    Write("assets/app-1a2b.js.gz", "gzipped");
    files_ = std::move(*StaticFiles::Load(folder_.path()));
  }

  void Write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name) << text;
  }

  /// Status 0: nothing was served.
  std::shared_ptr<Answer> Get(const std::string& path, HeaderList headers = {}) {
    const Request request({.path = path, .headers = std::move(headers)});
    auto answer = std::make_shared<Answer>();
    const Responder responder(answer);
    if (!files_->Serve(request, responder)) {
      responder.Send({.status = 0});
    }
    return answer;
  }

  TempDir folder_;
  std::unique_ptr<StaticFiles> files_;
};

TEST_F(StaticFilesTest, ServesFilesWithTypeAndVersion) {
  const auto answer = Get("/favicon.svg");

  EXPECT_EQ(answer->body, "<svg>");
  EXPECT_EQ(answer->type, "image/svg+xml");
  EXPECT_EQ(answer->Header("Cache-Control"), "no-cache");
  EXPECT_EQ(answer->Header("Vary"), "");
  EXPECT_EQ(Get("/favicon.svg", {{"If-None-Match", answer->Header("ETag")}})->status, 304);
  EXPECT_EQ(Get("/")->body, "<page>");
}

TEST_F(StaticFilesTest, ChoosesTheCodingThatTheClientTakes) {
  const std::string script = "/assets/app-1a2b.js";

  EXPECT_EQ(Get(script)->body, "plain");
  EXPECT_EQ(Get(script, {{"Accept-Encoding", "gzip, deflate, br"}})->body, "brotli");
  EXPECT_EQ(Get(script, {{"Accept-Encoding", "gzip"}})->body, "gzipped");
  EXPECT_EQ(Get(script, {{"Accept-Encoding", "br;q=0, gzip;q=0.5"}})->body, "gzipped");
  EXPECT_EQ(Get(script, {{"Accept-Encoding", "*"}})->body, "brotli");
  EXPECT_EQ(Get(script, {{"Accept-Encoding", "identity"}})->body, "plain");
}

TEST_F(StaticFilesTest, LetsHashedNamesBeKept) {
  const auto answer = Get("/assets/app-1a2b.js", {{"Accept-Encoding", "br"}});

  EXPECT_EQ(answer->Header("Content-Encoding"), "br");
  EXPECT_EQ(answer->Header("Vary"), "Accept-Encoding");
  EXPECT_EQ(answer->Header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_NE(answer->Header("ETag"), Get("/assets/app-1a2b.js")->Header("ETag"));
}

TEST_F(StaticFilesTest, GivesTheApplicationForItsOwnRoutes) {
  const HeaderList page = {{"Accept", "text/html,*/*"}};

  EXPECT_EQ(Get("/cameras/7/timeline", page)->body, "<page>");
  EXPECT_EQ(Get("/cameras/7/timeline")->status, 0);
  EXPECT_EQ(Get("/missing.js", page)->status, 0);
  EXPECT_EQ(Get("/api/none", page)->status, 0);
}

TEST_F(StaticFilesTest, ServesNothingOutsideOfItsIndex) {
  for (const char* path : {"/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../x.txt",
                           "//etc/passwd.txt", "/assets/app-1a2b.js.br", "/%00.txt"}) {
    EXPECT_EQ(Get(path)->status, 0) << path;
  }
}

TEST_F(StaticFilesTest, NeedsAnIndex) {
  const TempDir empty;

  EXPECT_EQ(StaticFiles::Load(empty.path()).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(StaticFiles::Load(empty.path() / "none").error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace ronin::http
