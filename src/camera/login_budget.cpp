// SPDX-License-Identifier: MIT
#include "camera/login_budget.h"

namespace ronin::camera {

bool LoginBudget::Begin(StreamKind stream, MonoTime now, std::chrono::milliseconds wait) {
  std::erase_if(refused_, [&](MonoTime at) { return now - at >= kMost * wait; });
  const size_t most = stream == StreamKind::kMain ? kMost : kMost - 1;
  if (refused_.size() + under_way_ >= most) return false;
  ++under_way_;
  return true;
}

void LoginBudget::Accepted() {
  --under_way_;
  refused_.clear();
}

void LoginBudget::Refused(MonoTime now) {
  --under_way_;
  refused_.push_back(now);
}

}  // namespace ronin::camera
