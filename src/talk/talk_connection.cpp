// SPDX-License-Identifier: MIT
#include "talk/talk_connection.h"

#include <string_view>
#include <utility>

#include "base/main_thread.h"
#include "camera/rtsp_rules.h"
#include "camera/sdp_repair.h"
#include "gst/element.h"

namespace ronin::talk {
namespace {

constexpr const char* kNone =
    "The camera has no loudspeaker that can be reached from here (no ONVIF back channel).";

// A second of G.711: what a camera takes late is better not heard at all.
constexpr int kMostUnsent = 8 * 1024;

constexpr std::chrono::milliseconds kLastPacket{100};

/// Answers to a question for a back channel by cameras that know of none: by the book 551, in the
/// field whatever they say to what they do not understand.
bool IsNoToTheQuestion(GstMessage* message) {
  const GstStructure* details = nullptr;
  guint status = 0;
  gst_message_parse_error_details(message, &details);
  if (details != nullptr) gst_structure_get_uint(details, "rtsp-status-code", &status);
  if (status != 0) {
    return status == GST_RTSP_STS_BAD_REQUEST || status == GST_RTSP_STS_PARAMETER_NOT_UNDERSTOOD;
  }
  // 405, 501 and 551, which rtspsrc takes for a camera that describes nothing; it does not tell.
  GErrorPtr error;
  GCharPtr debug;
  gst_message_parse_error(message, Out(error), Out(debug));
  return g_error_matches(error.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS) != FALSE;
}

/// Sends one packet. Whether rtspsrc takes the sample over depends on its version (1.22.0 does,
/// also where its name says otherwise), so it gets one that nobody else has, and who has it is
/// counted.
void Push(GstElement* source, unsigned track, GstSample* packet) {
  const bool newer = g_signal_lookup("push-backchannel-sample", G_OBJECT_TYPE(source)) != 0;
  GstSample* own =
      gst_sample_new(gst_sample_get_buffer(packet), gst_sample_get_caps(packet), nullptr, nullptr);
  gst_sample_ref(own);
  GstFlowReturn sent = GST_FLOW_OK;
  g_signal_emit_by_name(source, newer ? "push-backchannel-sample" : "push-backchannel-buffer",
                        track, own, &sent);
  if (GST_MINI_OBJECT_REFCOUNT_VALUE(own) > 1) gst_sample_unref(own);
  gst_sample_unref(own);
}

}  // namespace

/// Of rtspsrc's threads; shared with its closures.
struct TalkConnection::Callbacks {
  std::shared_ptr<Found> found;
  camera::RtspRules rules;
  Purpose purpose;

  static void OnDescription(GstElement*, GstSDPMessage* sdp, gpointer data) noexcept {
    const auto& self = *static_cast<Callbacks*>(data);
    camera::RepairSdp(sdp, self.rules.dialog->base());
    const auto channel = FindBackChannel(*sdp);
    std::lock_guard lock(self.found->mutex);
    self.found->described = true;
    self.found->channel = channel;
  }
  static gboolean OnSelect(GstElement*, guint number, GstCaps*, gpointer data) noexcept {
    const auto& self = *static_cast<Callbacks*>(data);
    std::lock_guard lock(self.found->mutex);
    const bool wanted = self.purpose == Purpose::kTalk && self.found->channel;
    return wanted && self.found->channel->track == number ? TRUE : FALSE;
  }
  static void Drop(gpointer data, GClosure*) noexcept { delete static_cast<Callbacks*>(data); }
};

Result<std::unique_ptr<TalkConnection>> TalkConnection::Create(const camera::RtspSource& source,
                                                               Purpose purpose, const Clock& clock,
                                                               Events events) {
  RONIN_ASSERT_MAIN_THREAD();
  std::unique_ptr<TalkConnection> out(new TalkConnection(purpose, clock, std::move(events)));
  if (auto built = out->Build(source); !built) return ronin::Fail(std::move(built.error()));
  return out;
}

Status TalkConnection::Build(const camera::RtspSource& source) {
  pipeline_ = Share(gst_pipeline_new(nullptr));
  auto rtsp = gst::MakeElement("rtspsrc", "source",
                               {{"location", source.url},
                                {"protocols", "tcp"},
                                {"backchannel", "onvif"},
                                {"latency", "0"},
                                {"tcp-timeout", "5000000"},
                                {"timeout", "5000000"},
                                {"user-agent", "RoninNVR"}});
  if (!rtsp) return ronin::Fail(std::move(rtsp.error()));
  source_ = *rtsp;
  gst_bin_add(GST_BIN(pipeline_.Get()), source_.Get());
  auto rules = camera::RtspRules::For(source, facts_, meter_, ending_);
  rules.send_buffer_bytes = kMostUnsent;
  rules.Apply(source_.Get(), source);
  pinned_ = !source.tls_fingerprint.empty();
  for (const auto& [signal, handler] :
       {std::pair{"on-sdp", G_CALLBACK(Callbacks::OnDescription)},
        std::pair{"select-stream", G_CALLBACK(Callbacks::OnSelect)}}) {
    g_signal_connect_data(source_.Get(), signal, handler, new Callbacks{found_, rules, purpose_},
                          Callbacks::Drop, GConnectFlags(0));
  }
  const GRef<GstBus> bus = Adopt(gst_element_get_bus(pipeline_.Get()));
  bus_watch_ = gst::BusWatch(bus, [this](GstMessage* message) { OnMessage(message); });
  camera::RtspEnding::Listen(ending_, bus.Get());
  return {};
}

TalkConnection::~TalkConnection() {
  // Retire() takes the pipeline away; one that was never played is ended here.
  if (pipeline_) gst_element_set_state(pipeline_.Get(), GST_STATE_NULL);
}

void TalkConnection::Play() { gst_element_set_state(pipeline_.Get(), GST_STATE_PLAYING); }

std::function<void(GstSample*)> TalkConnection::Sender() const {
  unsigned track = 0;
  {
    std::lock_guard lock(found_->mutex);
    if (found_->channel) track = found_->channel->track;
  }
  return [source = source_, track, found = found_](GstSample* packet) {
    {
      std::lock_guard lock(found->mutex);
      if (found->over) return;
      ++found->sending;
    }
    Push(source.Get(), track, packet);
    {
      std::lock_guard lock(found->mutex);
      --found->sending;
    }
    found->left.notify_all();
  };
}

/// rtspsrc frees its tracks and its connection when it ends, and does not look who sends meanwhile.
/// Blocks for kLastPacket where the camera does not read, and then as long as a thread takes to
/// notice that the connection is gone.
void TalkConnection::WaitForSenders(Found& found, camera::SocketMeter& meter) {
  std::unique_lock lock(found.mutex);
  const auto none = [&] { return found.sending == 0; };
  if (found.left.wait_for(lock, kLastPacket, none)) return;
  lock.unlock();
  meter.End();
  lock.lock();
  found.left.wait(lock, none);
}

bool TalkConnection::IsFlooded() {
  if (!meter_->IsTooMuch(facts_->messages)) return false;
  meter_->End();
  return true;
}

void TalkConnection::OnMessage(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      Failed(message);
      break;
    case GST_MESSAGE_WARNING: {
      // Without a sink nothing tells of the end but this, and it is an end by who was called.
      GErrorPtr warning;
      GCharPtr debug;
      gst_message_parse_warning(message, Out(warning), Out(debug));
      if (g_error_matches(warning.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ) != FALSE) {
        Ended();
      }
      break;
    }
    case GST_MESSAGE_EOS:
      Ended();
      break;
    case GST_MESSAGE_PROGRESS: {
      GstProgressType type{};
      GCharPtr code;
      GCharPtr text;
      gst_message_parse_progress(message, &type, Out(code), Out(text));
      if (type != GST_PROGRESS_TYPE_COMPLETE || std::string_view(code.get()) != "request") break;
      if (over_ || std::exchange(ready_, true)) break;
      std::unique_lock lock(found_->mutex);
      const BackChannel channel = found_->channel.value_or(BackChannel());
      lock.unlock();
      const auto ready = events_.ready;  // a copy: it may destroy this
      ready(channel);
      break;
    }
    default:
      break;
  }
}

void TalkConnection::Failed(GstMessage* message) {
  std::unique_lock lock(found_->mutex);
  const bool described = found_->described;
  const auto channel = found_->channel;
  lock.unlock();
  // rtspsrc takes it for an error that no track was chosen.
  const bool none = described ? !channel : IsNoToTheQuestion(message);
  if (purpose_ == Purpose::kTalk && none) return Fail({"no_back_channel", kNone, clock_.Now()});
  if (purpose_ == Purpose::kLook && (described || none)) return Described(channel);
  if (auto refused = facts_->refused_certificate()) {
    return Fail(camera::DistrustedCertificate(std::move(*refused), pinned_, clock_.Now()));
  }
  Fail(camera::ErrorFromMessage(message, clock_.Now()));
}

void TalkConnection::Described(const std::optional<BackChannel>& channel) {
  if (std::exchange(over_, true)) return;
  const auto described = events_.described;  // a copy: it may destroy this
  described(channel);
}

void TalkConnection::Fail(camera::CameraError error) {
  if (std::exchange(over_, true)) return;
  error.message = camera::WithoutRetry(std::move(error.message));
  const auto failed = events_.failed;  // a copy: it may destroy this
  failed(std::move(error));
}

void TalkConnection::Ended() {
  Fail({"unreachable", "The camera closed the connection.", clock_.Now(), true});
}

void TalkConnection::Retire(gst::Reaper& reaper, gst::Reaper::Remains remains) {
  over_ = true;
  {
    std::lock_guard lock(found_->mutex);
    found_->over = true;
  }
  bus_watch_.Stop();
  remains.before = [found = found_, meter = meter_,
                    end = camera::RtspEnding::Call(ending_, meter_, pipeline_.Get())] {
    WaitForSenders(*found, *meter);
    end();
  };
  facts_->password->Ended();
  source_.Reset();
  remains.elements.insert(remains.elements.begin(), std::move(pipeline_));
  reaper.Retire(std::move(remains));
}

}  // namespace ronin::talk
