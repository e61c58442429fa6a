-- SPDX-License-Identifier: MIT
-- Where a camera is told what to do: turned, set, asked for its streams.

-- The address of the camera's ONVIF service, http or https, without credentials: those of its
-- streams count. NULL: it has none, or nobody said.
ALTER TABLE camera ADD COLUMN onvif_url TEXT
  CONSTRAINT onvif_url_length CHECK (length(onvif_url) BETWEEN 1 AND 4096);
