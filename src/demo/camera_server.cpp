// SPDX-License-Identifier: MIT
#include "demo/camera_server.h"

#include <utility>

#include "demo/camera_port.h"
#include "demo/pump.h"

namespace ronin::demo {

CameraServer::CameraServer() : pump_(std::make_unique<Pump>()) {}

CameraServer::~CameraServer() {
  // While the accepting thread still runs, which closing connections need.
  cameras_.clear();
  pump_.reset();
}

Result<SyntheticCamera*> CameraServer::Add(ClipRef clip, const CameraOptions& options) {
  const bool h264 = clip->spec.video == VideoCodec::kH264;
  const AudioCodec audio = clip->spec.audio;
  const auto present = RequireElements({"appsrc", "rtpbin", h264 ? "rtph264pay" : "rtph265pay",
                                        audio == AudioCodec::kPcmu   ? "rtppcmupay"
                                        : audio == AudioCodec::kPcma ? "rtppcmapay"
                                                                     : "rtpmp4gpay"});
  if (!present) return Fail(present.error());
  auto stream = std::make_shared<CameraStream>(std::move(clip));
  auto port = CameraPort::Open(accepting_.context(), options, stream);
  if (!port) return Fail(port.error());
  pump_->Add(stream);
  cameras_.push_back(std::make_unique<SyntheticCamera>(std::move(*port), std::move(stream)));
  return cameras_.back().get();
}

}  // namespace ronin::demo
