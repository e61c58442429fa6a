// SPDX-License-Identifier: MIT
#include "retention/clock_guard.h"

#include <utility>

#include <sys/timex.h>

#include "base/json.h"
#include "base/text.h"
#include "base/time_text.h"

namespace ronin::retention {
namespace {

using namespace std::chrono_literals;

constexpr Micros kJump = 1h;
constexpr Micros kOff = 24h * 7;        // for so long a recorder may be off without a question
constexpr Micros kBelieved = 24h * 31;  // so much forward NTP is believed
constexpr size_t kMistakes = 16;

std::string Sentence(WallTime really, WallTime now) {
  return Concat(
      "The clock was set from ", FormatUtc(really), " to ", FormatUtc(now),
      ". Nothing is deleted because of its age until you confirm that the clock is right, "
      "or it is set back.");
}

std::optional<WallTime> TimeOf(const JsonValue& value, const char* name) {
  const auto member = value.Member(name);
  const auto us = member ? member->AsInt() : std::nullopt;
  if (!us) return std::nullopt;
  return FromMicros(*us);
}

}  // namespace

bool KernelClockIsSynchronised(WallTime now) {
  struct timex state = {};
  const int answer = adjtimex(&state);
  if (answer < 0 || answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0) return false;
  const int64_t fraction =
      (state.status & STA_NANO) != 0 ? state.time.tv_usec / 1000 : state.time.tv_usec;
  const WallTime kernel = FromMicros(int64_t(state.time.tv_sec) * 1'000'000 + fraction);
  return std::chrono::abs(kernel - now) < 1min;
}

ClockGuard::ClockGuard(const Clock& clock, std::function<bool(WallTime)> synchronised)
    : clock_(clock),
      synchronised_(std::move(synchronised)),
      base_wall_(clock.Now()),
      base_mono_(clock.Mono()),
      seen_wall_(base_wall_),
      seen_mono_(base_mono_),
      slack_(kJump) {}

void ClockGuard::Restore(const std::string& text) {
  const auto value = JsonValue::Parse(text);
  if (!value || !value->IsObject()) return;
  const auto list = value->Member("mistakes");
  for (const JsonValue& one : list ? list->Elements() : std::vector<JsonValue>()) {
    const auto from = TimeOf(one, "from_us");
    const auto to = TimeOf(one, "to_us");
    const auto really = TimeOf(one, "really_us");
    if (from && to && really) mistakes_.push_back({*from, *to, *really});
  }
  const auto held = value->Member("held");
  if (!held || !held->IsObject()) return;
  const auto since = TimeOf(*held, "since_us");
  const auto from = TimeOf(*held, "from_us");
  const auto really = TimeOf(*held, "really_us");
  const auto sentence = held->Member("sentence");
  if (!since || !from || !really || !sentence) return;
  held_ = Held{*since, *from, *really, sentence->AsString().value_or("")};
}

void ClockGuard::StartsAfter(std::optional<WallTime> seen) {
  if (!seen) return;
  const WallTime now = clock_.Now();
  slack_ = kOff;
  if (held_) {
    // The clock of then was wrong by as much as when it jumped.
    base_wall_ = held_->really + std::max(*seen - held_->from, Micros(0));
    if (IsBack(now) || (now >= *seen - kJump && now <= *seen + kOff)) return;
    Keep();
    Hold(now, base_wall_);
    return;
  }
  if (now >= *seen - kJump && now <= *seen + kOff) {
    slack_ = kJump;
    return;
  }
  base_wall_ = *seen;
  Hold(now, *seen);
}

void ClockGuard::Hold(WallTime from, WallTime really) {
  held_ = Held{clock_.Now(), from, really, Sentence(really, from)};
}

WallTime ClockGuard::Now() const {
  // Never the clock itself: it may have jumped since the last look.
  return held_ ? base_wall_ + (clock_.Mono() - base_mono_)
               : seen_wall_ + (clock_.Mono() - seen_mono_);
}

bool ClockGuard::IsBack(WallTime wall) const {
  const Micros ahead = wall - (base_wall_ + (clock_.Mono() - base_mono_));
  return ahead >= -kJump && ahead <= slack_;
}

void ClockGuard::Trust() {
  held_.reset();
  base_wall_ = seen_wall_;
  base_mono_ = seen_mono_;
  slack_ = kJump;
}

bool ClockGuard::Look() {
  const WallTime wall = clock_.Now();
  const Micros step = wall - (seen_wall_ + (clock_.Mono() - seen_mono_));
  seen_wall_ = wall;
  seen_mono_ = clock_.Mono();
  if (!held_) {
    // Dates that are about to come must not be taken for those that were wrong.
    const bool forgot = std::erase_if(mistakes_, [&](const ClockMistake& one) {
                          return one.from > one.really && one.from <= wall + 1h;
                        }) > 0;
    if (IsBack(wall)) return forgot;
    Hold(wall, base_wall_ + (clock_.Mono() - base_mono_));
    return true;
  }
  if (IsBack(wall)) {
    Keep();
    Trust();
    return true;
  }
  if (std::chrono::abs(step) > kJump) {
    Keep();
    Hold(wall, Now());
    return true;
  }
  const Micros jump = wall - Now();
  if (jump > Micros(0) && jump <= kBelieved && synchronised_(wall)) {
    Trust();
    return true;
  }
  return false;
}

/// The mistake that lasts is over.
void ClockGuard::Keep() {
  mistakes_ = Mistakes();
  if (mistakes_.size() > kMistakes) mistakes_.erase(mistakes_.begin());
}

void ClockGuard::Confirm() {
  if (held_) Trust();
}

std::vector<ClockMistake> ClockGuard::Mistakes() const {
  std::vector<ClockMistake> out = mistakes_;
  if (held_) {
    // As long as it really took, and a little more: what is open now has no end yet.
    const WallTime to = held_->from + (Now() - held_->really) + kJump;
    out.push_back({held_->from, to, held_->really});
  }
  return out;
}

std::string ClockGuard::ToText() const {
  JsonWriter json;
  const auto times = [&](WallTime from, WallTime really) {
    json.Key("from_us").Int(ToMicros(from)).Key("really_us").Int(ToMicros(really));
  };
  json.Object().Key("mistakes").Array();
  for (const ClockMistake& one : mistakes_) {
    json.Object();
    times(one.from, one.really);
    json.Key("to_us").Int(ToMicros(one.to)).End();
  }
  json.End().Key("held");
  if (held_) {
    json.Object().Key("since_us").Int(ToMicros(held_->since));
    times(held_->from, held_->really);
    json.Key("sentence").String(held_->sentence).End();
  } else {
    json.Null();
  }
  return json.End().Text();
}

}  // namespace ronin::retention
