// SPDX-License-Identifier: MIT
#include "demo/camera_port.h"

#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "demo/media_factory.h"

namespace ronin::demo {
namespace {

constexpr std::chrono::milliseconds kCloseLimit{5000};

/// Owned by the signal connection that it is the data of.
using Holder = std::shared_ptr<Connections>;

Connections& In(gpointer data) { return **static_cast<Holder*>(data); }

void DeleteHolder(gpointer data, GClosure*) noexcept { delete static_cast<Holder*>(data); }

void Connect(gpointer instance, const char* signal, GCallback callback, const Holder& holder) {
  g_signal_connect_data(instance, signal, callback, new Holder(holder), DeleteHolder,
                        GConnectFlags(0));
}

GstRTSPStatusCode OnDescribe(GstRTSPClient*, GstRTSPContext*, gpointer data) noexcept {
  return In(data).describe_answer;
}

void OnPlay(GstRTSPClient* client, GstRTSPContext*, gpointer data) noexcept {
  In(data).SetPlaying(client, true);
}

void OnPauseOrTeardown(GstRTSPClient* client, GstRTSPContext*, gpointer data) noexcept {
  In(data).SetPlaying(client, false);
}

void OnClosed(GstRTSPClient* client, gpointer data) noexcept { In(data).Closed(client); }

void OnConnected(GstRTSPServer*, GstRTSPClient* client, gpointer data) noexcept {
  const Holder& holder = *static_cast<Holder*>(data);
  holder->Opened(client);
  Connect(client, "pre-describe-request", G_CALLBACK(OnDescribe), holder);
  Connect(client, "play-request", G_CALLBACK(OnPlay), holder);
  Connect(client, "pause-request", G_CALLBACK(OnPauseOrTeardown), holder);
  Connect(client, "teardown-request", G_CALLBACK(OnPauseOrTeardown), holder);
  Connect(client, "closed", G_CALLBACK(OnClosed), holder);
}

GstRTSPStatusCode AnswerOf(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNotFound404:
      return GST_RTSP_STS_NOT_FOUND;
    case Refusal::kBusy453:
      return GST_RTSP_STS_NOT_ENOUGH_BANDWIDTH;
    case Refusal::kUnavailable503:
      return GST_RTSP_STS_SERVICE_UNAVAILABLE;
    case Refusal::kNone:
    case Refusal::kUnauthorized401:
    case Refusal::kNotListening:
      break;
  }
  return GST_RTSP_STS_OK;
}

}  // namespace

Result<std::unique_ptr<CameraPort>> CameraPort::Open(GMainContext* context,
                                                     const CameraOptions& options,
                                                     const std::shared_ptr<CameraStream>& stream) {
  std::unique_ptr<CameraPort> out(new CameraPort(context, options, stream));
  if (auto listening = out->Listen(); !listening) return Fail(listening.error());
  return out;
}

CameraPort::CameraPort(GMainContext* context, CameraOptions options,
                       const std::shared_ptr<CameraStream>& stream)
    : context_(Share(context)),
      options_(std::move(options)),
      connections_(std::make_shared<Connections>(stream)),
      server_(gst_rtsp_server_new()),
      port_(options_.port) {
  gst_rtsp_server_set_address(server_.get(), options_.address.c_str());
  const ObjectPtr<GstRTSPThreadPool> threads(gst_rtsp_server_get_thread_pool(server_.get()));
  gst_rtsp_thread_pool_set_max_threads(threads.get(), -1);
  if (!options_.user.empty()) gst_rtsp_server_set_auth(server_.get(), MakeAuth(false).get());
  AddMedia(stream);
  Connect(server_.get(), "client-connected", G_CALLBACK(OnConnected), connections_);
}

CameraPort::~CameraPort() {
  StopListening();
  connections_->CutAll();
  connections_->WaitUntilNone(kCloseLimit);
}

void CameraPort::AddMedia(const std::shared_ptr<CameraStream>& stream) {
  const ObjectPtr<GstRTSPMountPoints> mounts(gst_rtsp_server_get_mount_points(server_.get()));
  gst_rtsp_mount_points_add_factory(mounts.get(), options_.path.c_str(),
                                    MakeMediaFactory(options_, stream));
}

Status CameraPort::Listen() {
  const std::lock_guard lock(mutex_);
  if (source_ != nullptr) return {};
  gst_rtsp_server_set_service(server_.get(), std::to_string(port_).c_str());
  GErrorPtr error;
  source_ = gst_rtsp_server_create_source(server_.get(), nullptr, Out(error));
  if (source_ == nullptr) {
    return Fail(ErrorKind::kUnavailable, Concat("cannot listen on ", options_.address, ":", port_),
                error ? error->message : "");
  }
  g_source_attach(source_, context_.Get());
  port_ = uint16_t(gst_rtsp_server_get_bound_port(server_.get()));
  return {};
}

void CameraPort::StopListening() {
  const std::lock_guard lock(mutex_);
  if (source_ == nullptr) return;
  g_source_destroy(source_);
  g_source_unref(std::exchange(source_, nullptr));
}

CameraPort::ObjectPtr<GstRTSPAuth> CameraPort::MakeAuth(bool nobody) const {
  ObjectPtr<GstRTSPAuth> out(gst_rtsp_auth_new());
  const AuthMethod method = options_.auth;
  const int methods = method == AuthMethod::kBasic    ? GST_RTSP_AUTH_BASIC
                      : method == AuthMethod::kDigest ? GST_RTSP_AUTH_DIGEST
                                                      : GST_RTSP_AUTH_BASIC | GST_RTSP_AUTH_DIGEST;
  gst_rtsp_auth_set_supported_methods(out.get(), GstRTSPAuthMethod(methods));
  if (nobody) return out;
  GstRTSPToken* token =
      gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, kViewerRole, nullptr);
  if (method != AuthMethod::kDigest) {
    const GCharPtr basic(
        gst_rtsp_auth_make_basic(options_.user.c_str(), options_.password.c_str()));
    gst_rtsp_auth_add_basic(out.get(), basic.get(), token);
  }
  if (method != AuthMethod::kBasic) {
    gst_rtsp_auth_add_digest(out.get(), options_.user.c_str(), options_.password.c_str(), token);
  }
  gst_rtsp_token_unref(token);
  return out;
}

void CameraPort::SetRefuse(Refusal refusal) {
  connections_->describe_answer = AnswerOf(refusal);
  const bool nobody = refusal == Refusal::kUnauthorized401;
  const bool locked = nobody || !options_.user.empty();
  gst_rtsp_server_set_auth(server_.get(), locked ? MakeAuth(nobody).get() : nullptr);
  if (refusal == Refusal::kNotListening) {
    StopListening();
  } else if (auto listening = Listen(); !listening) {
    log::Warning("demo", "camera stays unreachable: " + listening.error().Text());
  }
}

}  // namespace ronin::demo
