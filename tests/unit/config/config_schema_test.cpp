// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "config_migrations.h"
#include "support/temp_dir.h"
#include "unit/sqlite/schema_testing.h"

namespace ronin {
namespace {

TEST(ConfigSchema, RefusesWhatEachCheckForbids) {
  testing::TempDir dir;
  auto database = Database::Open(dir / "config.db").value();
  ASSERT_TRUE(Migrate(database, kConfigMigrations));
  ASSERT_TRUE(database.Execute(
      "INSERT INTO camera_folder VALUES ('Yard', 'yard', '00000000-0000-0000-0000-000000000000');"
      "INSERT INTO camera (uuid, name, name_key, url, username, password, folder, transport, "
      "enabled, record, record_audio, created_us, updated_us) VALUES "
      "('00000000-0000-0000-0000-000000000000', 'Yard', 'yard', 'rtsp://c/', '', '', 'Yard', "
      "'auto', 1, 1, 1, 0, 0);"
      "INSERT INTO setting VALUES ('a', 'b', 0);"
      "INSERT INTO volume (id, uuid, path, created_us) VALUES "
      "(1, '00000000-0000-0000-0000-000000000001', '/a', 0);"
      "INSERT INTO gap (camera_id, start_us, end_us, reason, detail, in_file) "
      "VALUES (1, 5, 6, 'network', '', 0);"
      "INSERT INTO run (boot_id, started_us, alive_us, clean) VALUES ('x', 0, 0, 0);"
      "INSERT INTO doomed_footage VALUES (1, 'Shed');"
      "INSERT INTO deleted_span VALUES (1, 'main', 5, 6);"
      "INSERT INTO protected_recording VALUES (1, 'main', 5);"
      "INSERT INTO clock_step (before_us, after_us) VALUES (0, 0);"
      "INSERT INTO credential_key VALUES (1, 'x', 0)"));

  testing::ExpectEveryCheckHolds(
      database, {{"folder_length", "UPDATE camera_folder SET folder = ''"},
                 {"folder_length", "UPDATE camera_folder SET folder = printf('%81d', 1)"},
                 {"folder_is_one_name", "UPDATE camera_folder SET folder = 'a/b'"},
                 {"folder_is_one_name", "UPDATE camera_folder SET folder = '..'"},
                 {"folder_key_not_empty", "UPDATE camera_folder SET folder_key = ''"},
                 {"folder_uuid_form", "UPDATE camera_folder SET camera_uuid = 'x'"},
                 {"id_positive", "UPDATE camera SET id = 0"},
                 {"name_length", "UPDATE camera SET name = ''"},
                 {"name_length", "UPDATE camera SET name = printf('%201d', 1)"},
                 {"name_key_not_empty", "UPDATE camera SET name_key = ''"},
                 {"url_length", "UPDATE camera SET url = ''"},
                 {"transport_known", "UPDATE camera SET transport = 'carrier pigeon'"},
                 {"enabled_is_bool", "UPDATE camera SET enabled = 2"},
                 {"record_is_bool", "UPDATE camera SET record = -1"},
                 {"record_audio_is_bool", "UPDATE camera SET record_audio = 2"},
                 {"retention_days_range", "UPDATE camera SET retention_days = 0"},
                 {"retention_bytes_positive", "UPDATE camera SET retention_bytes = 0"},
                 {"retention_min_days_range", "UPDATE camera SET retention_min_days = 36501"},
                 {"sub_retention_days_range", "UPDATE camera SET sub_retention_days = 0"},
                 {"sub_retention_bytes_positive", "UPDATE camera SET sub_retention_bytes = 0"},
                 {"deleted_camera_positive", "UPDATE deleted_span SET camera_id = 0"},
                 {"deleted_stream_known", "UPDATE deleted_span SET stream = 'third'"},
                 {"deleted_start_range", "UPDATE deleted_span SET start_us = -1"},
                 {"deleted_end_range", "UPDATE deleted_span SET end_us = 4"},
                 {"protected_camera_positive", "UPDATE protected_recording SET camera_id = 0"},
                 {"protected_stream_known", "UPDATE protected_recording SET stream = 'third'"},
                 {"protected_start_range", "UPDATE protected_recording SET start_us = -1"},
                 {"created_range", "UPDATE camera SET created_us = -1"},
                 {"updated_range", "UPDATE camera SET updated_us = 253402300800000000"},
                 {"onvif_url_length", "UPDATE camera SET onvif_url = ''"},
                 {"tls_fingerprint_form", "UPDATE camera SET tls_fingerprint = 'AA:BB'"},
                 {"tls_fingerprint_form", "UPDATE camera SET tls_fingerprint = printf('%95d', 1)"},
                 {"sub_url_length", "UPDATE camera SET sub_url = ''"},
                 {"record_sub_is_bool", "UPDATE camera SET record_sub = 2"},
                 {"record_sub_has_url", "UPDATE camera SET record_sub = 1"},
                 {"key_length", "UPDATE setting SET key = ''"},
                 {"setting_updated_range", "UPDATE setting SET updated_us = -1"},
                 {"volume_id_positive", "UPDATE volume SET id = 0"},
                 {"volume_uuid_form", "UPDATE volume SET uuid = 'x'"},
                 {"volume_path_absolute", "UPDATE volume SET path = 'a'"},
                 {"volume_created_range", "UPDATE volume SET created_us = -1"},
                 {"volume_weight_range", "UPDATE volume SET weight = 101"},
                 {"volume_role_known", "UPDATE volume SET role = 'attic'"},
                 {"volume_move_after_range", "UPDATE volume SET move_after_days = -1"},
                 {"volume_added_is_bool", "UPDATE volume SET added = 2"},
                 {"camera_volume_uuid_form", "UPDATE camera SET volume_uuid = '1'"},
                 {"camera_home_uuid_form", "UPDATE camera SET home_uuid = ''"},
                 {"schedule_is_object", "UPDATE camera SET schedule = 'weekdays'"},
                 {"schedule_length", "UPDATE camera SET schedule = printf('{%8000d}', 1)"},
                 {"group_name_length", "UPDATE camera SET group_name = ''"},
                 {"group_name_length", "UPDATE camera SET group_name = printf('%101d', 1)"},
                 {"tags_is_list", "UPDATE camera SET tags = 'outside'"},
                 {"tags_length", "UPDATE camera SET tags = printf('[%8000d]', 1)"},
                 {"removed_range", "UPDATE camera SET removed_us = -1"},
                 {"remove_footage_is_bool", "UPDATE camera SET remove_footage = 2"},
                 {"doomed_camera_id_positive", "UPDATE doomed_footage SET camera_id = 0"},
                 {"doomed_name_length", "UPDATE doomed_footage SET camera_name = ''"},
                 {"gap_id_positive", "UPDATE gap SET id = 0"},
                 {"gap_camera_id_positive", "UPDATE gap SET camera_id = 0"},
                 {"gap_stream_known", "UPDATE gap SET stream = 'third'"},
                 {"gap_start_range", "UPDATE gap SET start_us = -1"},
                 {"gap_end_range", "UPDATE gap SET end_us = 253402300800000000"},
                 {"gap_not_empty", "UPDATE gap SET end_us = 5"},
                 {"gap_reason_known", "UPDATE gap SET reason = 'mice'"},
                 {"gap_detail_length", "UPDATE gap SET detail = printf('%201d', 1)"},
                 {"gap_in_file_is_bool", "UPDATE gap SET in_file = 2"},
                 {"gap_in_file_is_over", "UPDATE gap SET in_file = 1, end_us = NULL"},
                 {"run_id_positive", "UPDATE run SET id = 0"},
                 {"run_boot_id_length", "UPDATE run SET boot_id = printf('%101d', 1)"},
                 {"run_started_range", "UPDATE run SET started_us = -1"},
                 {"run_alive_range", "UPDATE run SET alive_us = -1"},
                 {"run_clean_is_bool", "UPDATE run SET clean = 2"},
                 {"step_id_positive", "UPDATE clock_step SET id = 0"},
                 {"step_before_range", "UPDATE clock_step SET before_us = -1"},
                 {"step_after_range", "UPDATE clock_step SET after_us = -1"},
                 {"credential_key_is_one", "UPDATE credential_key SET id = 2"},
                 {"proof_length", "UPDATE credential_key SET proof = ''"},
                 {"scrubbed_is_bool", "UPDATE credential_key SET scrubbed = 2"}});
}

}  // namespace
}  // namespace ronin
