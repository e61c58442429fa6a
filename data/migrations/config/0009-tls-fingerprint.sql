-- SPDX-License-Identifier: MIT
-- Which certificate a camera may show that the system does not trust. And from here on the address
-- of its ONVIF service is encrypted too: the program seals what is plain in camera.onvif_url at its
-- next start, as it did with the fields of 0005.

-- SHA-256 of the one certificate that is accepted without the system's trust, as AA:BB:…; NULL:
-- none is.
ALTER TABLE camera ADD COLUMN tls_fingerprint TEXT
  CONSTRAINT tls_fingerprint_form CHECK (length(tls_fingerprint) = 95
    AND tls_fingerprint NOT GLOB '*[^0-9A-F:]*');
