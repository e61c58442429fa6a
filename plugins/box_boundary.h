// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace ronin_plugin {

/// Follows a stream of ISO BMFF boxes (ISO/IEC 14496-12, 4.2) and says where it can be cut so that
/// only whole things are left: after each fragment (`mdat`), the first one with the header.
/// Value; not thread-safe.
class BoxBoundary {
 public:
  struct Seen {
    bool complete = false;   ///< the bytes so far end with an `mdat` or something unknown
    unsigned fragments = 0;  ///< `mdat` boxes that ended in these bytes
  };

  /// Takes the next bytes of the stream, in pieces of any size.
  Seen Feed(const uint8_t* data, size_t size);

 private:
  bool HeaderComplete();

  uint8_t header_[16] = {};
  size_t header_size_ = 0;  ///< bytes of the current box header that have come
  uint64_t left_ = 0;       ///< bytes of the current box that have not come
  uint32_t type_ = 0;       ///< its type, as four characters big-endian
  bool in_box_ = false;
  bool lost_ = false;  ///< what comes is no box; everything counts as complete
};

}  // namespace ronin_plugin
