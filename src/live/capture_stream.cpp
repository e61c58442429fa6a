// SPDX-License-Identifier: MIT
#include "live/capture_stream.h"

#include <utility>

#include <gio/gio.h>

namespace {

struct CaptureStream {
  GOutputStream parent;
  GByteArray* bytes;
  std::function<void(ronin::GRef<GBytes>)>* closed;
};

struct CaptureStreamClass {
  GOutputStreamClass parent_class;
};

G_DEFINE_TYPE(CaptureStream, capture_stream, G_TYPE_OUTPUT_STREAM)

gssize capture_stream_write(GOutputStream* stream, const void* buffer, gsize count, GCancellable*,
                            GError**) {
  auto* self = reinterpret_cast<CaptureStream*>(stream);
  g_byte_array_append(self->bytes, static_cast<const guint8*>(buffer), guint(count));
  return gssize(count);
}

// GIO closes each stream once, at the latest when it is disposed.
gboolean capture_stream_close(GOutputStream* stream, GCancellable*, GError**) {
  auto* self = reinterpret_cast<CaptureStream*>(stream);
  if (self->bytes == nullptr) return TRUE;
  GByteArray* bytes = std::exchange(self->bytes, nullptr);
  (*self->closed)(ronin::Adopt(g_byte_array_free_to_bytes(bytes)));
  return TRUE;
}

void capture_stream_finalize(GObject* object) {
  auto* self = reinterpret_cast<CaptureStream*>(object);
  if (self->bytes != nullptr) g_byte_array_unref(self->bytes);
  delete self->closed;
  G_OBJECT_CLASS(capture_stream_parent_class)->finalize(object);
}

void capture_stream_init(CaptureStream* self) { self->bytes = g_byte_array_new(); }

void capture_stream_class_init(CaptureStreamClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = capture_stream_finalize;
  G_OUTPUT_STREAM_CLASS(klass)->write_fn = capture_stream_write;
  G_OUTPUT_STREAM_CLASS(klass)->close_fn = capture_stream_close;
}

}  // namespace

namespace ronin::live {

GRef<GOutputStream> NewCaptureStream(std::function<void(GRef<GBytes>)> closed) {
  auto* stream = static_cast<CaptureStream*>(g_object_new(capture_stream_get_type(), nullptr));
  stream->closed = new std::function<void(GRef<GBytes>)>(std::move(closed));
  return Adopt(G_OUTPUT_STREAM(stream));
}

}  // namespace ronin::live
