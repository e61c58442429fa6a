// SPDX-License-Identifier: MIT
#include "mp4/box_writer.h"

namespace ronin_plugin {

BoxWriter::Box::Box(BoxWriter& writer, std::string_view type)
    : writer_(writer), start_(writer.size()) {
  writer_.U32(0);
  writer_.Text(type);
}

BoxWriter::Box::~Box() { writer_.PatchU32(start_, uint32_t(writer_.size() - start_)); }

void BoxWriter::U16(unsigned value) {
  U8(value >> 8);
  U8(value);
}

void BoxWriter::U32(uint32_t value) {
  U16(value >> 16);
  U16(value & 0xffff);
}

void BoxWriter::U64(uint64_t value) {
  U32(uint32_t(value >> 32));
  U32(uint32_t(value));
}

void BoxWriter::PatchU32(size_t at, uint32_t value) {
  for (size_t i = 0; i < 4; ++i) out_[at + i] = uint8_t(value >> (24 - 8 * i));
}

}  // namespace ronin_plugin
