// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"

namespace ronin::api {

/// POST /api/cameras/test and /api/cameras/{id}/test: what a camera sends, or why it does not.
///
/// The body is a camera's; of a saved one, what it leaves away stays (also the password), and it
/// may be empty. `?stream=main|sub`. Nothing is stored. The answer is 200 within 5 s:
///
///   {"ok":true,
///    "stream":{"video":{"codec","profile","width","height","fps","bitrate_bps",
///                       "keyframe_interval_s","keyframe_interval_min_s"},
///              "audio":{"codec","sample_rate_hz","channels","camera_codec"}|null},
///    "time_to_first_frame_s","camera_clock_offset_us","advice":["…"],
///    "fix":{…}|null,"snapshot":"data:image/jpeg;base64,…"|null}
///   {"ok":false,"error":{"code","message"}}
///
/// When no second keyframe came, `keyframe_interval_s` is null, and `keyframe_interval_min_s` says
/// how long none came. Audio is as it is recorded; `camera_codec` is its RTP name, "PCMU". A camera
/// that streams already with these settings is not connected again, and `time_to_first_frame_s` is
/// null. `fix` is what the advice asks for, as a body for …/onvif/apply. Four tests run at once; a
/// further one gets 429 with Retry-After. A client that hangs up ends its test. Thread: main.
class CameraTestRoutes {
 public:
  /// Adds its routes to the server.
  explicit CameraTestRoutes(const ApiContext& context);

 private:
  /// @param camera  the saved one that is tested; nullptr: it is not saved
  void Test(const http::Request& request, const camera::Camera* camera,
            const http::Responder& responder);
  void Start(const CameraRecord& record, bool sub, const camera::Camera* camera,
             const http::Responder& responder);

  const ApiContext& context_;
};

}  // namespace ronin::api
