// SPDX-License-Identifier: MIT
#include "unit/http/raw_client.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <malloc.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "support/main_loop.h"

namespace ronin::http::testing {
namespace {

using ronin::testing::PumpUntil;

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return g_ascii_tolower(c); });
  return text;
}

void ParseHead(const std::string& head, RawAnswer* answer) {
  answer->status = std::atoi(head.substr(9, 3).c_str());
  size_t at = head.find("\r\n");
  while (at + 2 < head.size()) {
    const size_t begin = at + 2;
    at = head.find("\r\n", begin);
    const std::string line = head.substr(begin, at - begin);
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) break;
    answer->headers[Lower(line.substr(0, colon))] = line.substr(colon + 2);
  }
}

}  // namespace

RawClient::RawClient(const std::string& url) : host_(url.substr(7)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(uint16_t(std::atoi(url.substr(url.rfind(':') + 1).c_str())));
  fd_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::connect(fd_.Get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  ::fcntl(fd_.Get(), F_SETFL, O_NONBLOCK);
}

void RawClient::Send(std::string_view bytes) {
  PumpUntil([&] {
    const ssize_t n = ::send(fd_.Get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n > 0) bytes.remove_prefix(size_t(n));
    return bytes.empty() || (n < 0 && errno != EAGAIN);
  });
}

bool RawClient::ReadSome(size_t limit) {
  std::string piece(limit, '\0');
  const ssize_t n = ::recv(fd_.Get(), piece.data(), piece.size(), 0);
  if (n > 0) buffer_.append(piece, 0, size_t(n));
  if (n == 0 || (n < 0 && errno != EAGAIN)) ended_ = true;
  return !ended_;
}

bool RawClient::FillUntil(size_t size) {
  PumpUntil([&] { return buffer_.size() >= size || !ReadSome(); });
  return buffer_.size() >= size;
}

bool RawClient::ReadChunked(size_t from, std::string* body, size_t* used) {
  for (;;) {
    PumpUntil([&] { return buffer_.find("\r\n", from) != std::string::npos || !ReadSome(); });
    const size_t line = buffer_.find("\r\n", from);
    if (line == std::string::npos) return false;
    const size_t size = std::strtoul(buffer_.c_str() + from, nullptr, 16);
    if (!FillUntil(line + 2 + size + 2)) return false;
    body->append(buffer_, line + 2, size);
    from = line + 2 + size + 2;
    *used = from;
    if (size == 0) return true;
  }
}

RawAnswer RawClient::Receive(bool head) {
  RawAnswer answer;
  PumpUntil([&] { return buffer_.find("\r\n\r\n") != std::string::npos || !ReadSome(); });
  const size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) return answer;
  ParseHead(buffer_.substr(0, end + 2), &answer);
  size_t used = end + 4;
  const bool none = head || answer.status == 204 || answer.status == 304 || answer.status == 101;
  if (none) {
    answer.complete = true;
  } else if (answer.headers.contains("transfer-encoding")) {
    answer.complete = ReadChunked(used, &answer.body, &used);
  } else {
    const size_t length = std::strtoul(answer.headers["content-length"].c_str(), nullptr, 10);
    answer.complete = FillUntil(used + length);
    answer.body = buffer_.substr(used, length);
    used += answer.body.size();
  }
  buffer_.erase(0, used);
  return answer;
}

RawAnswer RawClient::Get(const std::string& path, const std::string& headers) {
  Send("GET " + path + " HTTP/1.1\r\nHost: " + host_ + "\r\n" + headers + "\r\n");
  return Receive();
}

bool RawClient::WaitForEnd() {
  return PumpUntil([&] { return !ReadSome(); });
}

void RawClient::HalfClose() { ::shutdown(fd_.Get(), SHUT_WR); }

size_t CountDescriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return size_t(std::distance(begin(all), end(all))) - 1;  // less the one that lists them
}

size_t CountHeapBytes() { return ::mallinfo2().uordblks; }

std::string ClientFrame(int opcode, std::string_view payload, bool last) {
  std::string out;
  out.push_back(char((last ? 0x80 : 0) | opcode));
  if (payload.size() < 126) {
    out.push_back(char(0x80 | payload.size()));
  } else {
    out.push_back(char(0x80 | 126));
    out.push_back(char(payload.size() >> 8));
    out.push_back(char(payload.size() & 255));
  }
  out.append(4, '\0');  // a mask of zeros leaves the payload as it is
  out.append(payload);
  return out;
}

}  // namespace ronin::http::testing
