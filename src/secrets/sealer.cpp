// SPDX-License-Identifier: MIT
#include "secrets/sealer.h"

#include <sodium.h>
#include <vector>

#include "base/text.h"

namespace ronin {
namespace {

using Bytes = std::vector<unsigned char>;

constexpr unsigned char kVersion = 1;
constexpr size_t kHead = 1 + 4;  // version, key id
constexpr size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kLongest = 1U << 16U;  // of a sealed text; ours have a few thousand bytes
constexpr int kAlphabet = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

static_assert(MasterKey::kBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

Bytes HeadFor(const MasterKey& key) {
  const uint32_t id = key.id();
  return {kVersion, static_cast<unsigned char>(id >> 24U), static_cast<unsigned char>(id >> 16U),
          static_cast<unsigned char>(id >> 8U), static_cast<unsigned char>(id)};
}

/// What is authenticated beside the text itself.
Bytes Associated(const Bytes& head, const Sealer::Place& place) {
  Bytes out = head;
  for (const std::string_view part : {place.table, place.row, place.field}) {
    out.insert(out.end(), part.begin(), part.end());
    out.push_back(0);
  }
  return out;
}

Bytes FromBase64(std::string_view text) {
  if (text.empty() || text.size() > kLongest) return {};
  Bytes out(text.size());
  size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end,
                        kAlphabet) != 0 ||
      end != text.data() + text.size()) {
    return {};
  }
  out.resize(size);
  return out;
}

std::string ToBase64(const Bytes& bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), kAlphabet), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), kAlphabet);
  out.pop_back();  // the zero of C
  return out;
}

}  // namespace

std::string Sealer::Seal(const Place& place, std::string_view plain) const {
  Bytes out = HeadFor(key_);
  const Bytes associated = Associated(out, place);
  out.resize(kHead + kNonce + plain.size() + kTag);
  unsigned char* nonce = out.data() + kHead;
  randombytes_buf(nonce, kNonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      nonce + kNonce, nullptr, reinterpret_cast<const unsigned char*>(plain.data()), plain.size(),
      associated.data(), associated.size(), nullptr, nonce, key_.bytes());
  return ToBase64(out);
}

Result<std::string> Sealer::Open(const Place& place, std::string_view sealed) const {
  const auto damaged = [&] {
    return Fail(ErrorKind::kCorrupt,
                Concat("the encrypted ", place.field, " of ", place.table, " is damaged"));
  };
  const Bytes all = FromBase64(sealed);
  if (all.size() < kHead + kNonce + kTag || all[0] != kVersion) return damaged();
  const Bytes head(all.begin(), all.begin() + kHead);
  if (head != HeadFor(key_)) {
    return Fail(ErrorKind::kConflict, Concat("the ", place.field, " of ", place.table,
                                             " was encrypted with another master key"));
  }
  const Bytes associated = Associated(head, place);
  const unsigned char* nonce = all.data() + kHead;
  std::string out(all.size() - kHead - kNonce - kTag, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(out.data()), nullptr, nullptr, nonce + kNonce,
          out.size() + kTag, associated.data(), associated.size(), nonce, key_.bytes()) != 0) {
    return damaged();
  }
  return out;
}

}  // namespace ronin
