// SPDX-License-Identifier: MIT
#include "api/volume_view.h"

namespace ronin::api {
namespace {

/// Of the files that are being written on it: their rows do not say.
int64_t OpenBytes(const ApiContext& context, const VolumeGate& gate) {
  int64_t out = 0;
  for (const camera::Camera* camera : context.cameras.All()) {
    for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
      const auto* recorder = context.recorders.Find({camera->record().id, kind});
      if (recorder == nullptr || !recorder->WritesTo(gate)) continue;
      out += int64_t(recorder->bytes_written());
    }
  }
  return out;
}

}  // namespace

VolumeContent ContentOf(const std::vector<SegmentTotal>& totals, int64_t volume_id) {
  VolumeContent out;
  for (const SegmentTotal& total : totals) {
    if (total.volume_id != volume_id || total.state == SegmentState::kMissing) continue;
    out.size_bytes += total.size_bytes;
    out.file_count += total.files;
  }
  return out;
}

void WriteVolume(JsonWriter& json, const ApiContext& context, const VolumeGate& gate,
                 const std::vector<SegmentTotal>& totals) {
  const std::string uuid = context.volumes.DiskOf(gate);
  const auto id = context.volumes.IdOf(uuid);
  const VolumeUse use = context.volumes.UseOf(uuid);
  const VolumeContent content = id ? ContentOf(totals, *id) : VolumeContent();
  json.Object().Key("id");
  if (id) {
    json.Int(*id);
  } else {
    json.Null();
  }
  json.Key("path").String(gate.root()).Key("state").String(ToString(gate.state()));
  json.Key("sentence").String(gate.sentence());
  json.Key("capacity_bytes").Int(int64_t(gate.space().total_bytes));
  json.Key("free_bytes").Int(int64_t(gate.space().free_bytes));
  json.Key("recordings_bytes")
      .Int(content.size_bytes + OpenBytes(context, gate))
      .Key("file_count")
      .Int(content.file_count);
  json.Key("write_bps").Int(context.rates.OfVolume(gate));
  json.Key("weight").Int(use.weight).Key("role").String(ToString(use.role));
  json.Key("move_after_days");
  if (use.move_after_days) {
    json.Int(*use.move_after_days);
  } else {
    json.Null();
  }
  json.Key("configured").Bool(context.volumes.IsConfigured(gate)).End();
}

}  // namespace ronin::api
