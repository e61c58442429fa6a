// SPDX-License-Identifier: MIT
#include "http/static_files.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "http/conditions.h"
#include "http/url_text.h"

namespace ronin::http {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kMaxBytes = 64U * 1024 * 1024;
constexpr size_t kMaxFiles = 4096;
constexpr std::string_view kIndex = "/index.html";

struct TypeOf {
  std::string_view ending;
  std::string_view type;
};

constexpr TypeOf kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".wasm", "application/wasm"},
    {".mp4", "video/mp4"},
    {".txt", "text/plain; charset=utf-8"},
};

Result<GRef<GBytes>> ReadWhole(const fs::path& path) {
  gchar* data = nullptr;
  gsize size = 0;
  GErrorPtr error;
  if (g_file_get_contents(path.c_str(), &data, &size, Out(error)) == FALSE) {
    return Fail(ErrorFromGError(error.get(), Concat("read ", path.string())));
  }
  return Adopt(g_bytes_new_take(data, size));
}

std::string HashOf(const GRef<GBytes>& bytes) {
  const GCharPtr sum(g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes.Get()));
  return std::string(sum.get()).substr(0, 24);
}

/// Takes ".br" or ".gz" off `name` and gives the content coding that it stands for.
std::string TakeCoding(std::string* name) {
  for (const auto& [ending, coding] : {std::pair{".br", "br"}, std::pair{".gz", "gzip"}}) {
    if (!name->ends_with(ending)) continue;
    name->resize(name->size() - 3);
    return coding;
  }
  return "";
}

/// The quality that an Accept-Encoding header gives to a coding; 0 if it is not wanted.
double QualityOf(std::string_view header, std::string_view coding) {
  double any = 0;
  for (const std::string_view part : SplitList(header)) {
    const size_t semicolon = std::min(part.find(';'), part.size());
    const std::string_view name = Trim(part.substr(0, semicolon));
    const size_t q = part.find("q=", semicolon);
    const double quality = q == std::string_view::npos
                               ? 1
                               : g_ascii_strtod(std::string(part.substr(q + 2)).c_str(), nullptr);
    if (EqualsIgnoreCase(name, coding)) return quality;
    if (name == "*") any = quality;
  }
  return any;
}

}  // namespace

std::string ChooseEncoding(std::string_view accept_encoding, bool has_br, bool has_gzip) {
  const double br = has_br ? QualityOf(accept_encoding, "br") : 0;
  const double gzip = has_gzip ? QualityOf(accept_encoding, "gzip") : 0;
  if (br > 0 && br >= gzip) return "br";
  return gzip > 0 ? "gzip" : "";
}

std::string_view MimeTypeOf(std::string_view file_name) {
  for (const TypeOf& known : kTypes) {
    if (file_name.ends_with(known.ending)) return known.type;
  }
  return "application/octet-stream";
}

Result<std::unique_ptr<StaticFiles>> StaticFiles::Load(const fs::path& folder) {
  std::unique_ptr<StaticFiles> out(new StaticFiles);
  std::error_code failed;
  uintmax_t total = 0;
  fs::recursive_directory_iterator it(folder, failed);
  if (failed) return Fail(ErrorFromErrno(failed.value(), Concat("open ", folder.string())));
  for (; it != fs::recursive_directory_iterator(); it.increment(failed)) {
    if (failed) return Fail(ErrorFromErrno(failed.value(), Concat("list ", folder.string())));
    if (!it->is_regular_file(failed)) continue;
    total += it->file_size(failed);
    if (failed) return Fail(ErrorFromErrno(failed.value(), Concat("read ", it->path().string())));
    if (total > kMaxBytes || out->files_.size() >= kMaxFiles) {
      return Fail(ErrorKind::kNoSpace,
                  Concat(folder.string(), " is too large for a web interface"));
    }
    auto bytes = ReadWhole(it->path());
    if (!bytes) return Fail(bytes.error());
    std::string name = "/" + it->path().lexically_relative(folder).generic_string();
    const std::string coding = TakeCoding(&name);
    const std::string etag = HashOf(*bytes) + (coding.empty() ? "" : "-" + coding);
    File& file = out->files_[name];
    file.content_type = MimeTypeOf(name);
    file.immutable = name.starts_with("/assets/");
    file.variants[coding] = Variant{std::move(*bytes), etag};
  }
  std::erase_if(out->files_, [](const auto& item) { return !item.second.variants.contains(""); });
  if (!out->files_.contains(kIndex)) {
    return Fail(ErrorKind::kNotFound, Concat("there is no index.html in ", folder.string()));
  }
  return out;
}

const StaticFiles::File* StaticFiles::Find(const Request& request) const {
  const auto path = PercentDecode(request.path());
  if (!path) return nullptr;
  const auto found = files_.find(*path == "/" ? kIndex : std::string_view(*path));
  if (found != files_.end()) return &found->second;
  const std::string_view last = std::string_view(*path).substr(path->rfind('/') + 1);
  const bool page =
      last.find('.') == std::string_view::npos && !path->starts_with("/api/") && *path != "/api";
  const std::string accept = request.Header("Accept").value_or("");
  if (!page || accept.find("text/html") == std::string::npos) return nullptr;
  return &files_.find(kIndex)->second;
}

bool StaticFiles::Serve(const Request& request, const Responder& responder) const {
  if (request.method() != Method::kGet && request.method() != Method::kHead) return false;
  const File* file = Find(request);
  if (file == nullptr) return false;
  SendFile(*file, request, responder);
  return true;
}

void StaticFiles::SendFile(const File& file, const Request& request, const Responder& responder) {
  const std::string coding =
      ChooseEncoding(request.Header("Accept-Encoding").value_or(""), file.variants.contains("br"),
                     file.variants.contains("gzip"));
  const Variant& variant = file.variants.at(coding);
  HeaderList headers = {
      {"ETag", Concat('"', variant.etag, '"')},
      {"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
  };
  if (file.variants.size() > 1) headers.emplace_back("Vary", "Accept-Encoding");
  const auto known = request.Header("If-None-Match");
  if (known && EtagListed(*known, variant.etag)) {
    responder.Send({.status = 304, .headers = std::move(headers)});
    return;
  }
  if (!coding.empty()) headers.emplace_back("Content-Encoding", coding);
  responder.SendBytes(variant.bytes, file.content_type, std::move(headers));
}

}  // namespace ronin::http
