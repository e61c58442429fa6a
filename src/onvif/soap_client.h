// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/g_ref.h"
#include "onvif/soap.h"

// libsoup stays out of the headers.
using SoupSession = struct _SoupSession;
using SoupMessage = struct _SoupMessage;

namespace ronin::onvif {

/// Calls the services of one device over HTTP, one call after the other. Redirects are not
/// followed, nothing is decompressed, an answer has at most 1 MiB, a call takes at most
/// `call_timeout`.
///
/// The password is sent as a digest only: WS-UsernameToken, and HTTP Digest once the device asks
/// for it. So a certificate that nobody vouches for, as nearly all cameras have, is taken: plain
/// HTTP would give away no less.
///
/// Owner: who made it. Destroying it cancels all calls, and no callback runs any more; a callback
/// may do so. Thread: main.
class SoapClient {
 public:
  struct Options {
    const Clock& clock;  ///< outlives this
    Credentials credentials;
    bool allow_loopback = false;  ///< the recorder's own machine may be called
    std::chrono::milliseconds call_timeout{5000};
  };

  /// Whether a call says who asks.
  enum class Sign { kNo, kYes };

  explicit SoapClient(Options options);
  ~SoapClient();
  SoapClient(const SoapClient&) = delete;
  SoapClient& operator=(const SoapClient&) = delete;

  /// How far the device's clock is ahead of ours.
  void SetClockOffset(Micros offset) { clock_offset_ = offset; }
  /// The offset by the `Date` of the last answer, whatever else it said; nothing: it had none.
  std::optional<Micros> date_offset() const { return date_offset_; }

  /// @param url  from DeviceUrl: not checked again
  /// Failures: all codes of Failure.
  void Call(const std::string& url, const SoapRequest& request, Sign sign, Then<SoapAnswer> then);

 private:
  struct Running;
  using RunningPtr = std::shared_ptr<Running>;  // shared with libsoup's callbacks

  static void OnSent(GObject* session, GAsyncResult* result, gpointer data) noexcept;
  static void OnRead(GObject* stream, GAsyncResult* result, gpointer data) noexcept;
  static void ReadOn(const RunningPtr& running);
  std::string Security(Sign sign) const;
  void Connect(const RunningPtr& running);
  void NoteDate(SoupMessage* message);
  void Finish(const RunningPtr& running, Outcome<SoapAnswer> outcome);

  const Options options_;
  GRef<SoupSession> session_;
  Micros clock_offset_{0};
  std::optional<Micros> date_offset_;
  bool http_digest_ = false;  // the device asked for it, and gets it by libsoup from then on
  std::vector<RunningPtr> running_;
};

}  // namespace ronin::onvif
