// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/context.h"
#include "base/source.h"
#include "onvif/device.h"

namespace ronin::api {

/// Sessions with the ONVIF services of the cameras that are configured, kept for the next request:
/// a camera that is turned by hand gets several in a second. At most one for each camera.
/// Thread: main.
class OnvifSessions {
 public:
  /// A session that is open.
  struct Session {
    std::unique_ptr<onvif::Device> device;
    std::string ptz_profile;  ///< empty: not asked for yet
    Source stop;              ///< ends a move
    int running = 0;          ///< requests that are not answered yet
  };
  /// Shared with the requests that run, which may outlast a change of the camera.
  using SessionPtr = std::shared_ptr<Session>;

  explicit OnvifSessions(const ApiContext& context) : context_(context) {}
  ~OnvifSessions();
  OnvifSessions(const OnvifSessions&) = delete;
  OnvifSessions& operator=(const OnvifSessions&) = delete;

  /// Gives the camera's session, opened if it is not; Leave() follows once for each that was given.
  /// A refused password is not tried again for a while, because cameras lock accounts.
  /// Failures: those of Device::Open; "not_supported": the camera has no ONVIF address; "busy".
  void Enter(const CameraRecord& camera, onvif::Then<SessionPtr> then);
  /// @param failure  how the request ended, so that a session that broke is not used again
  void Leave(int64_t camera_id, const SessionPtr& session, const onvif::Failure* failure);

 private:
  struct Entry {
    std::string made_for;  ///< address and credentials: another one when they change
    SessionPtr session;
    bool open = false;
    std::vector<onvif::Then<SessionPtr>> waiting;  ///< until it is open
  };

  /// A password that the camera refused.
  struct Refusal {
    std::string made_for;
    onvif::Failure failure;
    MonoTime until;
  };

  void ForgetRemoved();
  void NoteRefusal(int64_t camera_id, const Entry& entry, const onvif::Failure& failure);
  void Opened(int64_t camera_id, const SessionPtr& session, const onvif::Outcome<bool>& opened);

  const ApiContext& context_;
  std::map<int64_t, Entry> entries_;
  std::map<int64_t, Refusal> refusals_;
  Mailbox mailbox_;
};

}  // namespace ronin::api
