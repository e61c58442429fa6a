// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/clock.h"

namespace ronin {

/// Which files people are playing or downloading, so that nobody deletes one under their hands. A
/// player asks for a file piece by piece, so one counts for a minute after it was let go.
/// Thread: main.
class ServedFiles {
 public:
  /// While somebody has it, the file is being served.
  using Token = std::shared_ptr<const std::string>;

  /// @param clock  outlives it
  explicit ServedFiles(const Clock& clock) : state_(std::make_shared<State>(State{clock, {}})) {}

  /// @param path  absolute
  Token Serve(std::string path) {
    Forget();
    ++state_->files[path].users;
    return Token(new std::string(std::move(path)), [state = state_](const std::string* owned) {
      Use& use = state->files[*owned];
      --use.users;
      use.left = state->clock.Mono();
      delete owned;
    });
  }

  bool Contains(const std::string& path) {
    Forget();
    return state_->files.contains(path);
  }

 private:
  struct Use {
    int users = 0;
    MonoTime left{};  // when the last one let go
  };
  struct State {
    const Clock& clock;
    std::map<std::string, Use> files;
  };

  void Forget() {
    constexpr Micros kStays = std::chrono::minutes(1);
    const MonoTime now = state_->clock.Mono();
    std::erase_if(state_->files, [&](const auto& file) {
      return file.second.users == 0 && now - file.second.left > kStays;
    });
  }

  std::shared_ptr<State> state_;  // shared with the tokens, which may outlive this
};

}  // namespace ronin
