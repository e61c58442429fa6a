// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/loop_thread.h"
#include "base/result.h"
#include "restream/clients.h"
#include "restream/feed.h"
#include "restream/rtsp_types.h"

namespace ronin::restream {

/// An RTSP server whose streams come from feeds. It accepts on a thread of its own, `restream`;
/// each client is served on one of gst-rtsp-server's, since a first picture may have to be waited
/// for. Thread: main, but for what its callbacks touch.
class RtspServer {
 public:
  struct Options {
    std::string host;      ///< numeric
    uint16_t port = 8554;  ///< 0: any free one
    std::string user;      ///< empty: no sign-in
    std::string password;
    Clients::Limits limits{};
  };

  /// Listens. Errors: kUnavailable when the port cannot be opened.
  static Result<std::unique_ptr<RtspServer>> Open(const Clock& clock, Options options);
  /// Cuts all clients off and ends the thread; waits a second at most for theirs.
  ~RtspServer();

  uint16_t port() const { return port_; }
  /// Serves `feed` at `path`, from "/" on.
  void Add(const std::string& path, std::shared_ptr<Feed> feed);
  /// Its viewers are not cut off by that.
  void Remove(const std::string& path);

 private:
  /// What callbacks of the RTSP server share.
  struct State {
    State(const Clock& c, Clients::Limits limits) : clock(c), clients(limits) {}
    std::shared_ptr<Feed> Find(const std::string& path) const;

    const Clock& clock;
    Clients clients;
    mutable std::mutex mutex;  // guards feeds
    std::map<std::string, std::shared_ptr<Feed>> feeds;
  };
  using StatePtr = std::shared_ptr<State>;

  RtspServer(const Clock& clock, const Options& options);
  Status Listen(const Options& options);
  static GRef<GstRTSPAuth> MakeAuth(const Options& options);
  static void Connect(gpointer instance, const char* signal, GCallback callback,
                      const StatePtr& state);
  static State& In(gpointer data) { return **static_cast<StatePtr*>(data); }
  static GstRTSPStatusCode OnAsked(GstRTSPClient* client, GstRTSPContext* context,
                                   gpointer data) noexcept;
  static void OnPlay(GstRTSPClient* client, GstRTSPContext* context, gpointer data) noexcept;
  static void OnPause(GstRTSPClient* client, GstRTSPContext* context, gpointer data) noexcept;
  static void OnClosed(GstRTSPClient* client, gpointer data) noexcept;
  static void OnConnected(GstRTSPServer* server, GstRTSPClient* client, gpointer data) noexcept;

  const StatePtr state_;
  const GRef<GstRTSPServer> server_;
  GSource* listening_ = nullptr;
  GSource* looking_ = nullptr;
  uint16_t port_ = 0;
  const LoopThread thread_{"restream"};  // last: it ends before what its sources use
};

}  // namespace ronin::restream
