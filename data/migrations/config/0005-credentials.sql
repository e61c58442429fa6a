-- SPDX-License-Identifier: MIT
-- Addresses, user names and passwords of cameras are encrypted. SQL cannot do that: the program
-- seals camera.url, sub_url, username and password right after this step, see src/secrets/, and
-- adds the row below in the same transaction.

-- The master key that they are sealed with. No row: they are plain text.
CREATE TABLE credential_key (
  -- There is one at a time.
  id INTEGER PRIMARY KEY
    CONSTRAINT credential_key_is_one CHECK (id = 1),
  -- A known text, sealed with the key: tells whether a key fits.
  proof TEXT NOT NULL
    CONSTRAINT proof_length CHECK (length(proof) BETWEEN 1 AND 200),
  -- 1: free pages and the log hold nothing from before this key.
  scrubbed INTEGER NOT NULL
    CONSTRAINT scrubbed_is_bool CHECK (scrubbed IN (0, 1))
) STRICT;
