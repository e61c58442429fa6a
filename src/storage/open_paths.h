// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace ronin {

/// Which files the recorder is writing, from before they are created until their rows are complete;
/// so that nobody takes one for a leftover. Any thread.
class OpenPaths {
 public:
  /// While somebody has it, the path counts as open.
  using Token = std::shared_ptr<const std::string>;

  OpenPaths() : state_(std::make_shared<State>()) {}

  /// @param path  absolute, not open yet
  Token Open(std::string path) {
    {
      std::lock_guard lock(state_->mutex);
      state_->paths.insert(path);
    }
    return Token(new std::string(std::move(path)), [state = state_](const std::string* owned) {
      {
        std::lock_guard lock(state->mutex);
        state->paths.erase(*owned);
      }
      delete owned;
    });
  }

  std::vector<std::string> All() const {
    std::lock_guard lock(state_->mutex);
    return {state_->paths.begin(), state_->paths.end()};
  }

  bool Contains(const std::string& path) const {
    std::lock_guard lock(state_->mutex);
    return state_->paths.contains(path);
  }

 private:
  struct State {
    mutable std::mutex mutex;  // guards paths
    std::set<std::string> paths;
  };
  std::shared_ptr<State> state_;  // shared with the tokens, which may outlive this
};

}  // namespace ronin
