// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/g_ref.h"
#include "base/result.h"
#include "http/request.h"
#include "http/responder.h"

namespace ronin::http {

/// The built web interface, held in memory. All files are read once, in Load(); a path from a URL
/// is only looked up among their names, never opened. Ready-made `.br` and `.gz` siblings are sent
/// to clients that take them. Names under /assets/ carry a hash of their content and may be kept
/// for ever; all others are asked for again (ETag, 304). A path of no file whose last segment has
/// no dot, not under /api/, asked for as text/html, gets index.html: the single-page application
/// has its own routes. Immutable after Load(). Owner: Server. Thread: main.
class StaticFiles {
 public:
  /// Errors: kNotFound (no such folder, or no index.html in it), kNoSpace (more than 64 MiB or
  /// 4,096 files: surely the wrong folder), others when a file cannot be read.
  static Result<std::unique_ptr<StaticFiles>> Load(const std::filesystem::path& folder);

  /// Answers GET and HEAD of a file; false if there is none, and then `responder` is unused.
  bool Serve(const Request& request, const Responder& responder) const;

  size_t file_count() const { return files_.size(); }

 private:
  struct Variant {
    GRef<GBytes> bytes;
    std::string etag;  ///< strong, without quotes
  };
  struct File {
    std::string content_type;
    bool immutable = false;
    std::map<std::string, Variant> variants;  ///< by content coding: "", "br", "gzip"
  };

  StaticFiles() = default;
  const File* Find(const Request& request) const;
  static void SendFile(const File& file, const Request& request, const Responder& responder);

  std::map<std::string, File, std::less<>> files_;  ///< by decoded URL path: "/assets/index.js"
};

/// The best of "br", "gzip" and "" that is in `offered` and that an Accept-Encoding header allows
/// (q=0 forbids; ours is the order among equals).
std::string ChooseEncoding(std::string_view accept_encoding, bool has_br, bool has_gzip);

/// "text/html; charset=utf-8" for "index.html"; "application/octet-stream" for unknown endings.
std::string_view MimeTypeOf(std::string_view file_name);

}  // namespace ronin::http
