// SPDX-License-Identifier: MIT
#include "api/database_figures.h"

#include <utility>

#include "api/coverage_query.h"
#include "base/ask.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;

constexpr Micros kFresh = 10s;
constexpr Micros kStale = 1min;
constexpr Micros kPiece = 10ms;  // of the database thread

}  // namespace

/// A reading under way.
struct DatabaseFigures::Reading {
  std::vector<recording::TimelineQuery> queries;
  size_t next = 0;
  Values out;
};

bool DatabaseFigures::Refresh(std::function<void()> done) {
  const MonoTime now = context_.clock.Mono();
  if (!reading_ && tried_at_ && now - *tried_at_ < kFresh) return true;
  done_ = std::move(done);
  if (std::exchange(reading_, true)) return false;
  tried_at_ = now;
  const auto reading = std::make_shared<Reading>();
  const WallTime end = context_.clock.Now();
  for (const camera::Camera* camera : context_.cameras.All()) {
    reading->queries.push_back(CoverageQuery(context_, *camera, {end - 24h, end}));
  }
  ReadOn(reading);
  return false;
}

void DatabaseFigures::ReadOn(const std::shared_ptr<Reading>& reading) {
  // Only one of the two threads has the reading at a time.
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, &ledger = context_.ledger_store, &clock = context_.clock,
       reading]() -> Status {
        const MonoTime begin = clock.Mono();
        if (reading->next == 0) {
          auto totals = catalog.Totals();
          if (!totals) return Fail(totals.error());
          reading->out.totals = std::move(*totals);
        }
        while (reading->next < reading->queries.size()) {
          const auto& query = reading->queries[reading->next++];
          const auto coverage = ReadCoverage(catalog, ledger, query);
          if (!coverage) return Fail(coverage.error());
          reading->out.days[query.camera_id] = SumsOf(*coverage);
          if (clock.Mono() - begin > kPiece) break;
        }
        return {};
      },
      [this, reading](const Status& read) {
        if (read && reading->next < reading->queries.size()) {
          ReadOn(reading);
          return;
        }
        if (read) {
          values_ = std::move(reading->out);
          read_at_ = context_.clock.Mono();
        }
        reading_ = false;
        if (const auto done = std::exchange(done_, nullptr)) done();
      });
}

const DatabaseFigures::Values* DatabaseFigures::values() const {
  const bool good = read_at_ && context_.clock.Mono() - *read_at_ < kStale;
  return good ? &values_ : nullptr;
}

}  // namespace ronin::api
