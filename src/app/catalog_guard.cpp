// SPDX-License-Identifier: MIT
#include "app/catalog_guard.h"

#include <filesystem>
#include <thread>
#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "storage/polite_thread.h"

namespace ronin::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kLogLook = 1s;
constexpr uintmax_t kLogBytes = 32 << 20;
constexpr auto kCheckWholeAgain = 10min;
constexpr auto kReplaceAgain = 10s;
constexpr auto kReplaceInterval = 1min;  // on a disk that damages every one
constexpr auto kFilledLook = 500ms;

constexpr const char* kSentence =
    "The list of recordings was damaged and is being made anew from the files. Recording goes on; "
    "older recordings appear one after the other. If this happens again, check the disk of the "
    "data folder";

}  // namespace

CatalogGuard::~CatalogGuard() {
  Stop();
  while (thread_ && thread_->depth() > 0) {
    check_->Stop();
    std::this_thread::sleep_for(1ms);
  }
}

void CatalogGuard::Stop() {
  stopped_ = true;
  watch_.Cancel();
  again_.Cancel();
  filled_.Cancel();
  if (check_) check_->Stop();
}

void CatalogGuard::Check() {
  if (stopped_ || thread_ || damage_) return;
  check_ = std::make_shared<WholeCheck>(context_.path);
  thread_ = std::make_unique<Worker>("catalog-check");
  watch_ = Source::Every(kLogLook, [this] { LimitLog(); });
  Ask(
      *thread_, mailbox_,
      [check = check_] {
        BePolite();
        return check->Run();
      },
      [this](const Status& done) { Checked(done); });
}

/// On the database's thread, which may wait for the disk.
void CatalogGuard::LimitLog() {
  context_.database.Post([check = check_, log = context_.path + "-wal"] {
    std::error_code error;
    if (const auto size = std::filesystem::file_size(log, error); !error && size > kLogBytes) {
      check->Stop();
    }
  });
}

void CatalogGuard::Checked(const Status& done) {
  watch_.Cancel();
  thread_.reset();  // it has nothing to do any more
  check_.reset();
  if (stopped_) return;
  if (damage_) {
    BeginAnew();
  } else if (done) {
    log::Debug("catalog", "the whole catalog was checked; it is not damaged");
  } else if (done.error().kind == ErrorKind::kCorrupt) {
    Replace(done.error());
  } else {
    log::Info("catalog", Concat("the catalog was not checked whole: ", done.error().Text(),
                                "; this is tried again"));
    again_ = Source::After(kCheckWholeAgain, [this] { Check(); });
  }
}

void CatalogGuard::Replace(const Error& damage) {
  if (stopped_ || damage_) return;
  if (replaced_at_ && context_.clock.Mono() - *replaced_at_ < kReplaceInterval) {
    again_ = Source::After(kReplaceInterval, [this] { Check(); });
    return;
  }
  damage_ = damage;
  context_.alarms.Set(AlarmKind::kCatalogDamaged, {}, kSentence);
  if (thread_) {
    check_->Stop();  // Checked() goes on: nobody may have the file open
  } else {
    BeginAnew();
  }
}

void CatalogGuard::BeginAnew() {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, damage = *damage_, now = context_.clock.Now()] {
        return catalog.BeginAnew(damage, now);
      },
      [this](const Status& done) { Replaced(done); });
}

void CatalogGuard::Replaced(const Status& done) {
  if (stopped_) return;
  if (!done) {
    log::Error("catalog", Concat("the damaged catalog cannot be replaced: ", done.error().Text(),
                                 "; this is tried again"));
    again_ = Source::After(kReplaceAgain, [this] { BeginAnew(); });
    return;
  }
  damage_.reset();
  replaced_at_ = context_.clock.Mono();
  context_.replaced();
  filled_ = Source::Every(kFilledLook, [this] { AwaitFilled(); });
}

void CatalogGuard::AwaitFilled() {
  if (!context_.filled()) return;
  filled_.Cancel();
  context_.alarms.Clear(AlarmKind::kCatalogDamaged, {});
}

}  // namespace ronin::app
