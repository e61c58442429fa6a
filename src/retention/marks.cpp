// SPDX-License-Identifier: MIT
#include "retention/marks.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ronin::retention {
namespace {

Status Explain(LedgerStore& ledger, const std::vector<Segment>& segments) {
  std::map<StreamId, std::pair<WallTime, WallTime>> spans;
  for (const Segment& segment : segments) {
    const WallTime end = segment.end.value_or(segment.start);
    const auto [span, is_new] = spans.try_emplace(StreamId(segment.camera_id, segment.stream),
                                                  std::pair(segment.start, end));
    if (is_new) continue;
    span->second.first = std::min(span->second.first, segment.start);
    span->second.second = std::max(span->second.second, end);
  }
  std::vector<DeletedSpan> out;
  for (const auto& [stream, span] : spans) out.push_back({stream, span.first, span.second});
  return ledger.AddDeleted(out);
}

Result<std::vector<Segment>> Explained(LedgerStore& ledger, Result<std::vector<Segment>> marked) {
  if (!marked) return marked;
  if (auto done = Explain(ledger, *marked); !done) return Fail(std::move(done.error()));
  return marked;
}

}  // namespace

Result<std::vector<Segment>> Mark(Catalog& catalog, LedgerStore& ledger,
                                  const std::vector<int64_t>& ids) {
  return Explained(ledger, catalog.Doom(ids));
}

Result<std::vector<Segment>> MarkedBehind(Catalog& catalog, LedgerStore& ledger, int64_t after,
                                          int limit) {
  return Explained(ledger, catalog.Doomed(after, limit));
}

}  // namespace ronin::retention
