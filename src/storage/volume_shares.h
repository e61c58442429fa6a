// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ronin {

/// Which volume is a camera's own: cameras are spread over the volumes by weight, and each stays
/// where it is for as long as the weights allow. A value; pure; any thread.
class VolumeShares {
 public:
  struct Share {
    std::string uuid;  ///< of the volume
    int weight = 1;    ///< more than 0
    bool operator==(const Share&) const = default;
  };
  /// uuid of the volume by uuid of the camera
  using Homes = std::map<std::string, std::string>;

  explicit VolumeShares(Homes homes = {}) : homes_(std::move(homes)) {}

  /// Other volumes, or other weights. Moves as few cameras as there must be; gives those.
  std::vector<std::string> Set(std::vector<Share> shares);
  const std::vector<Share>& shares() const { return shares_; }

  /// The volume that is the camera's own; it gets one when it has none. Empty: there is none.
  std::string HomeOf(const std::string& camera);
  /// The camera is gone, or needs no share.
  void Forget(const std::string& camera) { homes_.erase(camera); }
  const Homes& homes() const { return homes_; }

  /// All of `shares`, the one first that stands in best for the camera's own: the same one each
  /// time, and the cameras of one volume are spread over the others by weight.
  static std::vector<std::string> StandIns(const std::string& camera, std::vector<Share> shares);

 private:
  std::string Emptiest() const;
  bool MoveOne(std::vector<std::string>* moved);
  int64_t Count(const std::string& uuid) const;

  Homes homes_;
  std::vector<Share> shares_;
};

}  // namespace ronin
