-- SPDX-License-Identifier: MIT
-- A second, smaller stream per camera, and what people set in the UI.

-- Address of the sub stream, without user and password; NULL: there is none.
ALTER TABLE camera ADD COLUMN sub_url TEXT
  CONSTRAINT sub_url_length CHECK (length(sub_url) BETWEEN 1 AND 4096);

-- 1: record the sub stream too.
ALTER TABLE camera ADD COLUMN record_sub INTEGER NOT NULL DEFAULT 0
  CONSTRAINT record_sub_is_bool CHECK (record_sub IN (0, 1))
  CONSTRAINT record_sub_has_url CHECK (record_sub = 0 OR sub_url IS NOT NULL);

-- Texts under keys, such as the retention policy as JSON.
CREATE TABLE setting (
  -- Who it belongs to and what it is: "storage.policy".
  key TEXT NOT NULL PRIMARY KEY
    CONSTRAINT key_length CHECK (length(CAST(key AS BLOB)) BETWEEN 1 AND 200),
  -- In the form its owner chose.
  value TEXT NOT NULL,
  -- When it was set, microseconds UTC.
  updated_us INTEGER NOT NULL
    CONSTRAINT setting_updated_range CHECK (updated_us BETWEEN 0 AND 253402300799999999)
) STRICT, WITHOUT ROWID;
