// SPDX-License-Identifier: MIT
#include "gst/reaper.h"

#include <algorithm>
#include <pthread.h>
#include <system_error>
#include <utility>

#include "base/hand_over.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::gst {
namespace {

/// Lets go whoever waits in the element. splitmuxsink that is ended while it begins a file waits
/// for ever otherwise (GStreamer 1.22 to 1.26: start_next_fragment() forgets that it was stopped).
void WakeStreamingThreads(GstElement* element) {
  gst_element_foreach_sink_pad(
      element,
      [](GstElement*, GstPad* pad, gpointer) noexcept -> gboolean {
        gst_pad_send_event(pad, gst_event_new_flush_start());
        return TRUE;
      },
      nullptr);
}

}  // namespace

void Reaper::Retire(Remains remains) {
  RONIN_ASSERT_MAIN_THREAD();
  const uint64_t id = next_id_++;
  std::lock_guard lock(mutex_);
  Job& job = jobs_[id];
  job.remains = std::move(remains);
  job.limit = Source::After(settings_.deadline, [this, id] { Late(id); });
  Begin();
}

/// Gives a thread to each that has none, as far as there may be threads. With the mutex held, so
/// that none ends before it is known.
void Reaper::Begin() {
  size_t running = 0;
  for (auto& [id, job] : jobs_) running += job.thread.joinable() ? 1 : 0;
  for (auto& [id, job] : jobs_) {
    if (running >= kMostThreads) return;
    if (job.thread.joinable()) continue;
    try {
      job.thread = std::thread([this, id = id, &remains = job.remains] { Run(id, remains); });
    } catch (const std::system_error&) {
      return;  // the system has none left; the next call tries again
    }
    pthread_setname_np(job.thread.native_handle(), "reaper");
    ++running;
  }
}

/// The job's own thread.
void Reaper::Run(uint64_t id, Remains& remains) {
  if (remains.before) remains.before();
  for (GRef<GstElement>& element : remains.elements) {
    WakeStreamingThreads(element.Get());
    gst_element_set_state(element.Get(), GST_STATE_NULL);
    element.Reset();
  }
  std::lock_guard lock(mutex_);
  jobs_.at(id).ended = true;
  mailbox_.Post([this, id] { Ended(id); });
}

void Reaper::Ended(uint64_t id) {
  std::unique_lock lock(mutex_);
  const auto node = jobs_.extract(id);
  if (node.empty()) return;  // Stop() was faster
  Begin();
  lock.unlock();
  Job& job = node.mapped();
  job.thread.join();  // it has posted this as its last act
  if (job.stuck) log::Info("gst", Concat(job.remains.what, " has ended after all"));
  if (job.remains.done) job.remains.done();
}

void Reaper::Late(uint64_t id) {
  Job& job = jobs_.at(id);
  job.stuck = true;
  job.limit = Source::After(settings_.patience, [this, id] { GiveUp(id); });
  const double seconds = double(settings_.deadline.count()) / 1000;
  log::Error("gst", Concat(job.remains.what, " has not ended for ", seconds, " s; ",
                           job.remains.consequence));
  if (job.remains.stuck) job.remains.stuck();
}

void Reaper::GiveUp(uint64_t id) {
  jobs_.at(id).given_up = true;
  const auto lost = std::ranges::count_if(jobs_, [](const auto& item) {
    return item.second.given_up && !item.second.remains.needs_a_disk;
  });
  if (size_t(lost) >= settings_.most_given_up && too_many_) std::exchange(too_many_, nullptr)();
}

size_t Reaper::Held(const std::string& what) const {
  return size_t(std::ranges::count_if(
      jobs_, [&](const auto& item) { return item.second.remains.what == what; }));
}

size_t Reaper::Stuck() const {
  return size_t(std::ranges::count_if(jobs_, [](const auto& item) { return item.second.stuck; }));
}

bool Reaper::IsStuck(const std::string& what) const {
  return std::ranges::any_of(jobs_, [&](const auto& item) {
    return item.second.stuck && item.second.remains.what == what;
  });
}

std::vector<std::string> Reaper::Names() const {
  std::vector<std::string> out;
  std::lock_guard lock(mutex_);
  for (const auto& [id, job] : jobs_) {
    if (!job.ended) out.push_back(job.remains.what);
  }
  return out;
}

void Reaper::Stop() {
  for (auto& [id, job] : jobs_) {
    job.limit.Cancel();
    if (job.thread.joinable()) {
      job.thread.join();
    } else {
      Run(id, job.remains);
    }
  }
  std::lock_guard lock(mutex_);
  jobs_.clear();
}

void Reaper::CallAsync(GstElement* element, std::function<void(GstElement*)> call) {
  using Call = std::function<void(GstElement*)>;
  auto* owned = new Call(std::move(call));
  HandOver(owned);
  gst_element_call_async(
      element,
      [](GstElement* target, gpointer data) noexcept {
        TakeOver(data);
        (*static_cast<Call*>(data))(target);
      },
      owned, [](gpointer data) noexcept { delete static_cast<Call*>(data); });
}

}  // namespace ronin::gst
