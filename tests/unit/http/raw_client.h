// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace ronin::http::testing {

/// One answer as it came over the socket. Header names in lower case.
struct RawAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
  bool complete = false;  ///< all bytes that Content-Length or the last chunk announced
};

/// A client on a plain non-blocking socket, so that tests can send what no library would. It pumps
/// the main loop while it waits, since the server runs on the same thread.
class RawClient {
 public:
  /// @param url  what Server::Listen() gave
  explicit RawClient(const std::string& url);

  void Send(std::string_view bytes);
  /// GET with Host and more header lines, each ending with CRLF.
  RawAnswer Get(const std::string& path, const std::string& headers = "");
  /// Reads one answer; `head` if it has no body.
  RawAnswer Receive(bool head = false);
  /// Reads what is there now into buffer(); false at the end of the connection.
  bool ReadSome(size_t limit = 65536);
  /// Pumps until the server has closed; false if it does not.
  bool WaitForEnd();
  void HalfClose();
  void Close() { fd_.Reset(); }
  std::string& buffer() { return buffer_; }
  int fd() const { return fd_.Get(); }
  const std::string& host() const { return host_; }

 private:
  bool FillUntil(size_t size);
  bool ReadChunked(size_t from, std::string* body, size_t* used);

  UniqueFd fd_;
  std::string host_;
  std::string buffer_;
  bool ended_ = false;
};

/// The open descriptors of this process.
size_t CountDescriptors();

/// Bytes that are allocated now; 0 under a sanitizer, which has its own allocator.
size_t CountHeapBytes();

/// A masked WebSocket frame as clients send it; payload below 64 KiB. FIN is set if `last`.
std::string ClientFrame(int opcode, std::string_view payload, bool last = true);

}  // namespace ronin::http::testing
