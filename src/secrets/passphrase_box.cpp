// SPDX-License-Identifier: MIT
#include "secrets/passphrase_box.h"

#include <sodium.h>
#include <vector>

namespace ronin {
namespace {

using BoxBytes = std::vector<unsigned char>;

constexpr unsigned char kBoxVersion = 1;
constexpr unsigned long long kPasses = 3;  // of version 1, as is the memory
constexpr size_t kMemory = size_t{64} << 20;
constexpr size_t kSaltAt = 1;
constexpr size_t kNonceAt = kSaltAt + crypto_pwhash_SALTBYTES;
constexpr size_t kBoxAt = kNonceAt + crypto_secretbox_NONCEBYTES;
constexpr int kBoxAlphabet = sodium_base64_VARIANT_ORIGINAL;

/// Wiped when it is not needed any more.
struct Key {
  ~Key() { sodium_memzero(bytes, sizeof bytes); }
  unsigned char bytes[crypto_secretbox_KEYBYTES] = {};
};

Status Derive(std::string_view passphrase, const unsigned char* salt, Key* out) {
  if (sodium_init() >= 0 &&
      crypto_pwhash(out->bytes, sizeof out->bytes, passphrase.data(), passphrase.size(), salt,
                    kPasses, kMemory, crypto_pwhash_ALG_ARGON2ID13) == 0) {
    return {};
  }
  return Fail(ErrorKind::kUnavailable, "There is not enough memory now; try again later.");
}

tl::unexpected<Error> NotOpened() {
  return Fail(ErrorKind::kInvalidArgument, "does not open the secrets of this file");
}

}  // namespace

Result<std::string> SealWithPassphrase(std::string_view plain, std::string_view passphrase) {
  BoxBytes bytes(kBoxAt + crypto_secretbox_MACBYTES + plain.size());
  bytes[0] = kBoxVersion;
  if (sodium_init() < 0) return Fail(ErrorKind::kUnavailable, "There is no randomness.");
  randombytes_buf(bytes.data() + kSaltAt, kBoxAt - kSaltAt);
  Key key;
  if (auto made = Derive(passphrase, bytes.data() + kSaltAt, &key); !made) {
    return Fail(std::move(made.error()));
  }
  crypto_secretbox_easy(bytes.data() + kBoxAt, reinterpret_cast<const unsigned char*>(plain.data()),
                        plain.size(), bytes.data() + kNonceAt, key.bytes);
  std::string out(sodium_base64_encoded_len(bytes.size(), kBoxAlphabet), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), kBoxAlphabet);
  out.pop_back();  // the zero behind the text
  return out;
}

Result<std::string> OpenWithPassphrase(std::string_view sealed, std::string_view passphrase) {
  if (sealed.empty()) return NotOpened();
  BoxBytes bytes(sealed.size());
  size_t size = 0;
  const char* end = nullptr;
  const bool decoded = sodium_base642bin(bytes.data(), bytes.size(), sealed.data(), sealed.size(),
                                         nullptr, &size, &end, kBoxAlphabet) == 0 &&
                       end == sealed.data() + sealed.size();
  if (!decoded || size < kBoxAt + crypto_secretbox_MACBYTES || bytes[0] != kBoxVersion) {
    return NotOpened();
  }
  Key key;
  if (auto made = Derive(passphrase, bytes.data() + kSaltAt, &key); !made) {
    return Fail(std::move(made.error()));
  }
  std::string out(size - kBoxAt - crypto_secretbox_MACBYTES, '\0');
  const int opened = crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(out.data()),
                                                bytes.data() + kBoxAt, size - kBoxAt,
                                                bytes.data() + kNonceAt, key.bytes);
  if (opened != 0) return NotOpened();
  return out;
}

}  // namespace ronin
