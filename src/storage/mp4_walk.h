// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/result.h"
#include "mp4/fragment_index.h"
#include "mp4/moof_view.h"
#include "storage/mp4_fragment.h"
#include "storage/mp4_header.h"
#include "storage/mp4_scan.h"

namespace ronin {

/// One walk over the top-level boxes of an open file. Used on one thread; may block.
class Mp4Walk {
 public:
  /// @param fd    open for reading; stays the caller's
  /// @param path  for sentences
  /// @param limit  bytes; what stands behind counts as torn
  Mp4Walk(int fd, std::string path, uint64_t limit = UINT64_MAX)
      : fd_(fd), path_(std::move(path)), limit_(limit) {}

  /// Once. Errors as for ScanMp4().
  Result<Mp4Scan> Run();

  /// After Run(): where the last fragment with whole samples ends, when broken ones follow it; else
  /// the limit. Looks at 50 fragments at most; when not one of them is whole, that is how these
  /// pictures are made. Errors: what the disk brings.
  Result<uint64_t> EndOfWholeSamples();

  /// After Run(): what it returned; an index that is not Index() is torn, see ScanMp4Media().
  /// Errors: what the disk brings.
  Result<Mp4Scan> CheckIndex();

  /// After Run(): the index that belongs behind the fragments.
  std::string Index() const;

  /// Instead of Run(): what the header says, of a file that ends with an index; nothing of others.
  /// Errors: what the disk brings.
  Result<std::optional<Mp4Scan>> ReadEnds();

  /// Instead of Run(): what the header says. Errors: what the disk brings.
  Result<std::optional<Mp4Origin>> ReadOrigin();

 private:
  struct Top {
    uint32_t type;
    uint64_t body;  // offset behind the header
    uint64_t end;
  };

  struct Place {
    uint64_t before;  // where what is whole ended before it
    uint64_t moof;    // offset of the box
    uint64_t end;
  };

  Status Measure();
  Result<bool> ReadFile(uint64_t offset, size_t length, std::string& out) const;
  Result<bool> ReadAt(uint64_t offset, size_t length, std::string& out) const;
  Result<std::optional<Top>> NextTop(uint64_t offset) const;
  Status Visit(const Top& box, uint64_t offset);
  Result<std::optional<Top>> FindMoov() const;
  Result<bool> EndsWithIndex() const;
  Status ReadMoov(const Top& box);
  Status ReadMoof(const Top& box, uint64_t offset);
  void FinishFragment(const Top& mdat);
  void AddToIndex(uint64_t end);
  void AddTimes(const Mp4Fragment& fragment);
  Micros Duration() const;
  Result<Mp4Scan> Summary();

  int fd_;
  std::string path_;
  uint64_t limit_;
  uint64_t file_size_ = 0;
  uint64_t size_ = 0;  // of it, what counts
  std::string buffer_;
  mutable std::string window_;  // what was read last of the small pieces, and what stands behind
  mutable uint64_t window_at_ = 0;
  Mp4Scan scan_;
  std::optional<Mp4Header> header_;
  bool in_fragment_ = false;            // a moof was seen, its mdat not yet
  std::optional<Mp4Fragment> pending_;  // what that moof says; nothing if it makes no sense
  uint64_t moof_at_ = 0;                // its offset
  uint64_t damaged_ = 0;                // damaged fragments, also behind whole_bytes
  std::deque<Place> last_;              // whole fragments

  // The index.
  std::optional<ronin_plugin::MoofView> view_;  // of that moof
  std::optional<uint64_t> prefix_at_;           // offset of the boxes that lead the next moof
  uint64_t fragment_at_ = 0;                    // where the fragment begins
  uint64_t media_end_ = 0;                      // of the last whole fragment
  bool any_picture_ = false;
  ronin_plugin::FragmentIndex index_;

  // Video time, in units of the track.
  std::optional<uint64_t> first_;
  uint64_t next_ = 0;
  uint64_t end_ = 0;
  uint64_t sum_ = 0;
};

}  // namespace ronin
