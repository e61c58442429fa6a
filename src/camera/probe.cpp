// SPDX-License-Identifier: MIT
#include "camera/probe.h"

#include <algorithm>
#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "camera/camera_url.h"
#include "gst/element.h"
#include "gst/keyframe_jpeg.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 50ms;
constexpr Micros kMeasureLimit = 4400ms;
constexpr Micros kPictureLimit = 4750ms;
// A camera that has sent nothing by then is asked by another way whether it is there at all, so
// that the answer, 3 s later at most, still counts.
constexpr Micros kKnockAfter = 1200ms;
constexpr Micros kEnoughVideo = 2s;
constexpr Micros kStandsStill = 2s;
constexpr Micros kAudioPatience = 2500ms;  // after the first picture

std::string Locked(const StreamFacts& facts, const std::string StreamFacts::*field) {
  std::lock_guard lock(facts.mutex);
  return facts.*field;
}

}  // namespace

struct Probe::Picture {
  std::atomic<bool> wanted{true};
  bool done = false;  // main, as what follows
  GRef<GBytes> jpeg;
};

Probe::Probe(Target target, const Stream* running, const Context& context, Done done)
    : target_(std::move(target)),
      context_(context),
      done_(std::move(done)),
      started_(context.clock.Mono()),
      own_connection_(running == nullptr) {
  RONIN_ASSERT_MAIN_THREAD();
  tick_ = Source::Every(kTick, [this] { Tick(); });
  if (running != nullptr) {
    Watch(*running);
  } else {
    Connect();
  }
}

Probe::~Probe() { Disconnect(); }

void Probe::Connect() {
  if (context_.passwords.Wait(target_.source, started_) > 0ms) {
    mailbox_.Post([this] {
      Fail({"unauthorized", PasswordTries::kSentence, context_.clock.Now()});
    });
    return;
  }
  auto made = RtspPipeline::Create(target_.source, context_.clock,
                                   [this](GstMessage* message) { OnMessage(message); });
  if (!made) {
    mailbox_.Post([this, text = made.error().Text()] {
      Fail({"server_error", text, context_.clock.Now()});
    });
    return;
  }
  pipeline_ = std::move(*made);
  Watch(*pipeline_);
  context_.passwords.Began(target_.source, facts_->password, started_);
  pipeline_->Play();
}

void Probe::Watch(const Stream& stream) {
  facts_ = stream.facts();
  video_ = gst::PadProbe(gst::StaticPad(stream.video_tee(), "sink"), GST_PAD_PROBE_TYPE_BUFFER,
                         [log = log_, &clock = context_.clock](GstPad* pad, GstPadProbeInfo* info) {
                           log->Take(pad, GST_PAD_PROBE_INFO_BUFFER(info), clock.Mono());
                           return GST_PAD_PROBE_OK;
                         });
}

void Probe::OnMessage(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      Failed(ErrorFromMessage(message, context_.clock.Now()));
      break;
    case GST_MESSAGE_PROGRESS: {
      GstProgressType type{};
      GCharPtr code;
      GCharPtr text;
      gst_message_parse_progress(message, &type, Out(code), Out(text));
      if (type == GST_PROGRESS_TYPE_COMPLETE && g_str_equal(code.get(), "open")) described_ = true;
      break;
    }
    default:
      break;
  }
}

void Probe::Tick() {
  const MonoTime now = context_.clock.Mono();
  const FrameLog::Progress progress = log_->progress();
  const Micros passed = now - started_;
  // Without any sink a pipeline does not tell of its end.
  if (pipeline_ && pipeline_->Ended()) {
    Fail(
        {"unreachable", "The camera ended the stream after a moment.", context_.clock.Now(), true});
    return;
  }
  if (progress.frames == 0) {
    if (passed > kMeasureLimit) {
      Conclude();
    } else if (passed > kKnockAfter) {
      Knock();
    }
    return;
  }
  if (!picture_) AskPicture();
  if (!Enough(progress, now) && passed < kMeasureLimit) return;
  if (now - *progress.newest_at > kStandsStill) {
    Fail({"no_video",
          "A picture came, but then it stood still; check the network, or restart the camera.",
          context_.clock.Now()});
    return;
  }
  const bool pending = picture_ && !picture_->done;
  if (!pending || passed > kPictureLimit) Succeed();
}

bool Probe::Enough(const FrameLog::Progress& progress, MonoTime now) const {
  const bool awaits_audio = facts_->audio_offered && !facts_->audio();
  return progress.keyframes > 1 && progress.span >= kEnoughVideo && facts_->video() &&
         (!awaits_audio || now - *progress.first_at > kAudioPatience);
}

void Probe::Failed(CameraError error) {
  if (failure_) return;  // what follows is a consequence
  if (auto refused = facts_->refused_certificate()) {
    Fail(DistrustedCertificate(std::move(*refused), !target_.source.tls_fingerprint.empty(),
                               error.at));
    return;
  }
  const bool connection = error.code == "unreachable" && log_->progress().frames == 0;
  if (!connection) {
    Fail(std::move(error));
    return;
  }
  failure_ = std::move(error);
  if (knock_) {
    Conclude();
  } else {
    Knock();
  }
}

/// Whether something listens at the camera's address, and why not.
void Probe::Knock() {
  if (!own_connection_ || std::exchange(knocking_, true)) return;
  const auto url = ParseCameraUrl(target_.source.url);
  if (!url) return;
  reachability_.Start(url->host, url->port,
                      [this](const std::string& code, const std::string& message) {
                        knock_ = CameraError{code, message, context_.clock.Now()};
                        if (failure_) Conclude();
                      });
}

void Probe::Conclude() { Fail(NoPicture()); }

/// Why no picture has come.
CameraError Probe::NoPicture() const {
  const WallTime now = context_.clock.Now();
  if (!own_connection_) {
    return {"no_video", "The camera is connected, but its picture stands still.", now};
  }
  const bool open = knock_ && knock_->code == "not_rtsp";
  if (described_) {
    if (failure_) return *failure_;
    const bool packets = !Locked(*facts_, &StreamFacts::video_encoding).empty();
    if (packets) {
      return {"no_video",
              "The camera sends video, but no keyframe came in 4 s; set a keyframe interval of 1 s "
              "in the camera.",
              now};
    }
    return {"no_video",
            target_.source.tcp
                ? "The camera answers, but no picture comes; restart it if that stays so."
                : "The camera answers, but no picture comes by UDP; set the transport to TCP.",
            now};
  }
  if (open && !facts_->answered && target_.source.url.starts_with("rtsps:")) return NotTls(now);
  if (open && !failure_) {
    return {"no_video",
            "The camera takes the connection but does not answer; it may be starting, or "
            "overloaded. Check the port, too.",
            now};
  }
  if (knock_) return *knock_;
  if (failure_) return *failure_;
  return {"timeout", "The camera does not answer; check that it is on and the address is right.",
          now};
}

void Probe::AskPicture() {
  GRef<GstSample> keyframe = log_->keyframe();
  if (!keyframe) return;
  picture_ = std::make_shared<Picture>();
  Ask(
      context_.pictures, mailbox_,
      [picture = picture_, keyframe = std::move(keyframe)]() -> Result<GRef<GBytes>> {
        if (!picture->wanted) return GRef<GBytes>();
        return gst::JpegOfKeyframe(keyframe.Get());
      },
      [picture = picture_](Result<GRef<GBytes>> jpeg) {
        picture->done = true;
        if (jpeg) {
          picture->jpeg = std::move(*jpeg);
        } else {
          log::Info("camera", Concat("the test of a camera has no picture: ", jpeg.error().Text()));
        }
      });
}

void Probe::Succeed() {
  ProbeResult out;
  StreamReport& report = out.report;
  report.sub = target_.sub;
  report.figures = FiguresOf(log_->frames());
  if (const auto video = facts_->video()) report.video = *video;
  const auto measured = facts_->meter.Read();
  if (!own_connection_ && !report.figures.keyframe_interval && measured.keyframe_interval_s > 0) {
    // A stream that runs for long knows what takes longer than a test.
    report.figures.keyframe_interval = std::chrono::duration_cast<FrameFigures::Nanos>(
        std::chrono::duration<double>(measured.keyframe_interval_s));
  }
  report.audio_wanted = target_.source.audio;
  report.audio_offered = facts_->audio_offered;
  report.audio = facts_->audio();
  report.audio_encoding = Locked(*facts_, &StreamFacts::audio_encoding);
  if (own_connection_) report.time_to_first_frame = *log_->progress().first_at - started_;
  if (const auto reading = facts_->sender_clock.newest()) report.clock_offset = reading->offset;
  out.advice = AdviceOn(report);
  out.fix = FixFor(report);
  if (picture_) out.jpeg = picture_->jpeg;
  Finish(std::move(out));
}

void Probe::Fail(CameraError error) {
  error.message = WithoutRetry(std::move(error.message));
  ProbeResult out;
  out.error = std::move(error);
  Finish(std::move(out));
}

void Probe::Finish(ProbeResult result) {
  RONIN_ASSERT_MAIN_THREAD();
  Disconnect();
  if (const auto done = std::exchange(done_, nullptr)) done(std::move(result));
}

void Probe::Disconnect() {
  tick_.Cancel();
  reachability_.Cancel();
  video_.Remove();
  if (picture_) picture_->wanted = false;
  if (!pipeline_) return;
  facts_->password->Ended();
  pipeline_->Retire(
      context_.reaper,
      {.what = kName,
       .consequence = "it is left behind; while several are, no further test begins"});
  pipeline_.reset();
}

}  // namespace ronin::camera
