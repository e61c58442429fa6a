// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <functional>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sqlite/database.h"

namespace ronin::testing {

/// All rows of a query, a line each. The query is constant.
inline std::string Dump(Database& database, const char* sql, int columns) {
  auto rows = database.Prepare(sql);
  if (!rows) return rows.error().Text();
  std::string out;
  for (auto row = rows->Step(); row && *row; row = rows->Step()) {
    for (int i = 0; i < columns; ++i) out += (rows->IsNull(i) ? "NULL" : rows->Text(i)) + "|";
    out += "\n";
  }
  return out;
}

/// The schema as text: what a migration changes.
inline std::string DumpSchema(Database& database) {
  return Dump(database, "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name", 3);
}

/// A constraint and a statement that violates it, and no constraint before it.
using Violation = std::pair<const char*, const char*>;

/// Holds every statement against the constraint it should violate, and fails when the schema has
/// a CHECK that no statement violates.
inline void ExpectEveryCheckHolds(Database& database, const std::vector<Violation>& violations) {
  std::set<std::string> left;
  const std::string schema = DumpSchema(database);
  const std::regex name("CONSTRAINT\\s+(\\w+)\\s+CHECK");
  for (std::sregex_iterator i(schema.begin(), schema.end(), name), end; i != end; ++i) {
    left.insert((*i)[1]);
  }
  const std::regex check("CHECK\\s*\\(");
  const auto count = std::distance(std::sregex_iterator(schema.begin(), schema.end(), check), {});
  EXPECT_EQ(size_t(count), left.size()) << "every CHECK has a name of its own";
  for (const auto& [constraint, sql] : violations) {
    const auto done = database.Execute(sql);
    ASSERT_FALSE(done) << constraint << " let pass: " << sql;
    EXPECT_EQ(done.error().kind, ErrorKind::kInvalidArgument) << sql;
    EXPECT_EQ(done.error().cause, std::string("CHECK constraint failed: ") + constraint) << sql;
    left.erase(constraint);
  }
  EXPECT_TRUE(left.empty()) << "no violation for " << *left.begin();
}

/// What a killed child counts.
enum class Tick { kStatement, kInstruction };

/// State of the child only.
struct KillSwitch {
  static constexpr int kNever = 1 << 30;
  static inline int left = 0;
  static inline Tick tick = Tick::kStatement;
  static void Arm(int n, Tick what) {
    left = n;
    tick = what;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&Hook));
  }
  static void Count() {
    if (--left <= 0) raise(SIGKILL);
  }
  static int Hook(sqlite3* database, const char**, const void*) {
    if (tick == Tick::kInstruction) {
      sqlite3_progress_handler(
          database, 1, [](void*) { return Count(), 0; }, nullptr);
    } else {
      sqlite3_trace_v2(
          database, SQLITE_TRACE_STMT, [](unsigned, void*, void*, void*) { return Count(), 0; },
          nullptr);
    }
    return SQLITE_OK;
  }
};

/// How many ticks `work` has when nothing kills it; it runs in a child process.
inline int TicksOf(Tick tick, const std::function<bool()>& work) {
  int pipe_ends[2] = {};
  EXPECT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    KillSwitch::Arm(KillSwitch::kNever, tick);
    const bool ok = work();
    const int ticks = KillSwitch::kNever - KillSwitch::left;
    _exit(ok && write(pipe_ends[1], &ticks, sizeof ticks) == sizeof ticks ? 0 : 1);
  }
  close(pipe_ends[1]);
  int ticks = 0;
  EXPECT_EQ(read(pipe_ends[0], &ticks, sizeof ticks), ssize_t(sizeof ticks));
  close(pipe_ends[0]);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  return ticks;
}

/// Runs `work` in a child process, which is killed (SIGKILL) at the n-th statement or virtual
/// machine instruction of any SQLite connection that it opens.
/// Returns true when it was killed, false when it ended before.
inline bool KilledAt(int n, Tick tick, const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    KillSwitch::Arm(n, tick);
    _exit(work() ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) {
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
    return true;
  }
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the work itself failed";
  return false;
}

}  // namespace ronin::testing
