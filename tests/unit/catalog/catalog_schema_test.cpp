// SPDX-License-Identifier: MIT
#include <span>

#include <gtest/gtest.h>

#include "catalog_migrations.h"
#include "support/temp_dir.h"
#include "unit/sqlite/schema_testing.h"

namespace ronin {
namespace {

TEST(CatalogSchema, RefusesWhatEachCheckForbids) {
  testing::TempDir dir;
  auto database = Database::Open(dir / "catalog.db").value();
  ASSERT_TRUE(Migrate(database, kCatalogMigrations));
  ASSERT_TRUE(database.Execute(
      "INSERT INTO volume VALUES (1, NULL, '/a');"
      "INSERT INTO segment (camera_id, stream, volume_id, rel_path, start_us, end_us, size_bytes, "
      "state, video_codec, width, height) VALUES (1, 'main', 1, 'a/b', 5, 6, 7, 'complete', "
      "'h264', 640, 480);"
      "INSERT INTO unusable_file VALUES (1, 'a/c', 0);"
      "INSERT INTO volume VALUES (2, NULL, '/b');"
      "INSERT INTO file_move VALUES (1, 1, 'a/b', 2, 'a/b')"));

  testing::ExpectEveryCheckHolds(
      database,
      {{"volume_id_positive", "UPDATE volume SET id = 0"},
       {"volume_path_absolute", "UPDATE volume SET path = 'a'"},
       {"id_positive", "UPDATE segment SET id = -1"},
       {"camera_id_positive", "UPDATE segment SET camera_id = 0"},
       {"stream_known", "UPDATE segment SET stream = 'third'"},
       {"rel_path_length", "UPDATE segment SET rel_path = ''"},
       {"rel_path_length", "UPDATE segment SET rel_path = printf('%1025d', 1)"},
       {"rel_path_stays_inside", "UPDATE segment SET rel_path = '/etc/passwd'"},
       {"rel_path_stays_inside", "UPDATE segment SET rel_path = 'a/../../b'"},
       {"rel_path_stays_inside", "UPDATE segment SET rel_path = '..'"},
       {"start_range", "UPDATE segment SET start_us = -1"},
       {"end_range", "UPDATE segment SET end_us = 253402300800000000"},
       {"end_not_before_start", "UPDATE segment SET end_us = 4"},
       {"size_not_negative", "UPDATE segment SET size_bytes = -1"},
       {"state_known", "UPDATE segment SET state = 'deleting'"},
       {"video_codec_length", "UPDATE segment SET video_codec = ''"},
       {"width_range", "UPDATE segment SET width = 0"},
       {"height_range", "UPDATE segment SET height = 65536"},
       {"audio_codec_length", "UPDATE segment SET audio_codec = ''"},
       {"audio_rate_range", "UPDATE segment SET audio_codec = 'aac', audio_rate_hz = 0"},
       {"audio_channels_range", "UPDATE segment SET audio_codec = 'aac', audio_channels = 65"},
       {"open_has_no_end", "UPDATE segment SET state = 'recording'"},
       {"closed_has_an_end", "UPDATE segment SET end_us = NULL"},
       {"closed_has_an_end", "UPDATE segment SET end_us = NULL, state = 'recovered'"},
       {"size_in_video_only", "UPDATE segment SET video_codec = NULL"},
       {"sound_details_in_sound_only", "UPDATE segment SET audio_channels = 1"},
       {"frames_not_negative", "UPDATE segment SET frames = -1"},
       {"open_has_no_frames", "UPDATE segment SET frames = 1, state = 'recording', end_us = NULL"},
       {"protected_is_bool", "UPDATE segment SET protected = 2"},
       {"suspect_is_bool", "UPDATE segment SET suspect = 2"},
       {"camera_clock_offset_range",
        "UPDATE segment SET camera_clock_offset_us = 2147483648000001"},
       {"camera_clock_drift_range",
        "UPDATE segment SET camera_clock_offset_us = 0, camera_clock_drift_us = -4294967296000001"},
       {"camera_clock_drift_of_an_offset", "UPDATE segment SET camera_clock_drift_us = 0"},
       {"clock_epoch_not_negative", "UPDATE segment SET clock_epoch = -1"},
       {"volume_uuid_form", "UPDATE volume SET uuid = 'x'"},
       {"move_from_path_length", "UPDATE file_move SET from_path = ''"},
       {"move_to_path_length", "UPDATE file_move SET to_path = ''"},
       {"move_to_another_volume", "UPDATE file_move SET to_volume_id = 1"},
       {"unusable_path_length", "UPDATE unusable_file SET rel_path = ''"},
       {"unusable_size_not_negative", "UPDATE unusable_file SET size_bytes = -1"}});
  EXPECT_EQ(database.Execute("UPDATE segment SET volume_id = 9").error().kind,
            ErrorKind::kInvalidArgument);
  EXPECT_EQ(database.Execute("UPDATE segment SET start_us = 'x'").error().kind,
            ErrorKind::kInvalidArgument);
}

TEST(CatalogSchema, KeepsVolumesAndTheirFilesWhenVolumesGetUuids) {
  testing::TempDir dir;
  auto database = Database::Open(dir / "catalog.db").value();
  ASSERT_TRUE(Migrate(database, std::span(kCatalogMigrations).first(2)));
  ASSERT_TRUE(database.Execute(
      "INSERT INTO volume VALUES (3, '/a'), (5, '/b');"
      "INSERT INTO segment (camera_id, stream, volume_id, rel_path, start_us, size_bytes, state) "
      "VALUES (1, 'main', 5, 'a/b', 5, 0, 'recording')"));

  ASSERT_TRUE(Migrate(database, kCatalogMigrations));

  auto rows = database.Prepare("SELECT path FROM segment JOIN volume ON volume.id = volume_id");
  ASSERT_TRUE(rows->Step().value());
  EXPECT_EQ(rows->Text(0), "/b");
  EXPECT_FALSE(database.Execute("DELETE FROM volume WHERE id = 5")) << "it is referred to";
  EXPECT_TRUE(database.Execute("UPDATE volume SET path = '/b' WHERE id = 3"));
}

TEST(CatalogSchema, SumsUpTheFilesThatWereThereBefore) {
  testing::TempDir dir;
  auto database = Database::Open(dir / "catalog.db").value();
  ASSERT_TRUE(Migrate(database, std::span(kCatalogMigrations).first(3)));
  ASSERT_TRUE(database.Execute(
      "INSERT INTO volume VALUES (1, NULL, '/a');"
      "INSERT INTO segment (camera_id, stream, volume_id, rel_path, start_us, end_us, size_bytes, "
      "state, protected) VALUES (1, 'main', 1, 'a', 5, 7, 7, 'complete', 1), (1, 'main', 1, 'b', "
      "7, "
      "8, 8, 'complete', 0), (2, 'main', 1, 'c', 6, NULL, 0, 'recording', 0)"));

  ASSERT_TRUE(Migrate(database, kCatalogMigrations));

  auto rows = database.Prepare(
      "SELECT group_concat(camera_id || stream || state || files || '/' || size_bytes || '/' || "
      "longest_us) FROM segment_total");
  ASSERT_TRUE(rows->Step().value());
  EXPECT_EQ(rows->Text(0), "1maincomplete2/15/2,2mainrecording1/0/0");
  auto days = database.Prepare(
      "SELECT group_concat(camera_id || stream || day || '/' || files || '/' || size_bytes || "
      "'/' || recorded_us) "
      "FROM segment_day");
  ASSERT_TRUE(days->Step().value());
  EXPECT_EQ(days->Text(0), "1main0/2/15/3,2main0/1/0/0");
  auto kept = database.Prepare(
      "SELECT group_concat(camera_id || stream || files || '/' || size_bytes) "
      "FROM protected_total");
  ASSERT_TRUE(kept->Step().value());
  EXPECT_EQ(kept->Text(0), "1main1/7");
}

TEST(CatalogSchema, ReadsTheOldestOfALaneInTheOrderOfItsIndex) {
  testing::TempDir dir;
  auto database = Database::Open(dir / "catalog.db").value();
  ASSERT_TRUE(Migrate(database, kCatalogMigrations));
  auto rows = database.Prepare(
      "EXPLAIN QUERY PLAN SELECT id, start_us, end_us, size_bytes, state FROM segment "
      "INDEXED BY segment_by_lane WHERE volume_id = ?1 AND camera_id = ?2 AND stream = ?3 "
      "AND (start_us, id) > (?4, ?5) AND start_us < ?6 AND state <> 'recording' AND protected = 0 "
      "ORDER BY start_us, id LIMIT ?7");
  ASSERT_TRUE(rows);
  std::string plan;
  while (rows->Step().value()) plan += rows->Text(3) + "\n";

  EXPECT_NE(plan.find("USING COVERING INDEX segment_by_lane"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

}  // namespace
}  // namespace ronin
