// SPDX-License-Identifier: MIT
#include "http/connection_stream.h"

using ronin::http::Wire;

// Three small GObject types, since libsoup asks for a GIOStream with pollable ends. In GObject's
// way: private structs, no C++ members; the shared pointer is made in New and ended in finalize.

namespace {

using WirePointer = std::shared_ptr<Wire>;

struct RoninInput {
  GInputStream parent;
  WirePointer* wire;
};
struct RoninInputClass {
  GInputStreamClass parent;
};
struct RoninOutput {
  GOutputStream parent;
  WirePointer* wire;
};
struct RoninOutputClass {
  GOutputStreamClass parent;
};
struct RoninStream {
  GIOStream parent;
  WirePointer* wire;
  GInputStream* input;
  GOutputStream* output;
};
struct RoninStreamClass {
  GIOStreamClass parent;
};

// ---- reading ----

gssize EndOfInput(Wire& wire, void* buffer, gsize count) {
  if (count == 0 || !wire.idle.exchange(false)) return 0;
  static_cast<char*>(buffer)[0] = 'X';
  return 1;
}

gssize ReadWire(Wire& wire, void* buffer, gsize count, bool blocking, GCancellable* cancellable,
                GError** error) {
  if (wire.cut) return EndOfInput(wire, buffer, count);
  GError* failed = nullptr;
  const gssize n = g_socket_receive_with_blocking(wire.socket.Get(), static_cast<gchar*>(buffer),
                                                  count, blocking, cancellable, &failed);
  if (n > 0) {
    int64_t none = 0;
    wire.first_byte_us.compare_exchange_strong(none, g_get_monotonic_time());
    const bool limited = wire.read_budget_full > 0;
    if (limited && (wire.read_budget -= n) < 0) wire.cut = true;
    return n;
  }
  if (n < 0 && g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    g_propagate_error(error, failed);
    return -1;
  }
  g_clear_error(&failed);  // a reset is an end like any other
  return EndOfInput(wire, buffer, count);
}

GSource* WireSource(Wire& wire, GObject* stream, GIOCondition condition,
                    GCancellable* cancellable) {
  GSource* child = wire.cut ? g_timeout_source_new(0)
                            : g_socket_create_source(wire.socket.Get(), condition, nullptr);
  GSource* source = g_pollable_source_new_full(stream, child, cancellable);
  g_source_unref(child);
  return source;
}

bool WireReady(Wire& wire, GIOCondition condition) {
  return wire.cut || g_socket_condition_check(wire.socket.Get(), condition) != 0;
}

Wire& WireOfInput(gpointer input) { return **static_cast<RoninInput*>(input)->wire; }
Wire& WireOfOutput(gpointer output) { return **static_cast<RoninOutput*>(output)->wire; }

void ronin_input_pollable_init(GPollableInputStreamInterface* iface) {
  iface->is_readable = [](GPollableInputStream* self) noexcept -> gboolean {
    return WireReady(WireOfInput(self), G_IO_IN);
  };
  iface->create_source = [](GPollableInputStream* self, GCancellable* cancellable) noexcept {
    return WireSource(WireOfInput(self), G_OBJECT(self), G_IO_IN, cancellable);
  };
  iface->read_nonblocking = [](GPollableInputStream* self, void* buffer, gsize count,
                               GError** error) noexcept {
    return ReadWire(WireOfInput(self), buffer, count, false, nullptr, error);
  };
}

void ronin_output_pollable_init(GPollableOutputStreamInterface* iface);

G_DEFINE_TYPE_WITH_CODE(RoninInput, ronin_input, G_TYPE_INPUT_STREAM,
                        G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM,
                                              ronin_input_pollable_init))
G_DEFINE_TYPE_WITH_CODE(RoninOutput, ronin_output, G_TYPE_OUTPUT_STREAM,
                        G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_OUTPUT_STREAM,
                                              ronin_output_pollable_init))
G_DEFINE_TYPE(RoninStream, ronin_stream, G_TYPE_IO_STREAM)

void ronin_input_init(RoninInput*) {}

void ronin_input_class_init(RoninInputClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = [](GObject* self) noexcept {
    delete reinterpret_cast<RoninInput*>(self)->wire;
    G_OBJECT_CLASS(ronin_input_parent_class)->finalize(self);
  };
  G_INPUT_STREAM_CLASS(klass)->read_fn = [](GInputStream* self, void* buffer, gsize count,
                                            GCancellable* cancellable, GError** error) noexcept {
    return ReadWire(WireOfInput(self), buffer, count, true, cancellable, error);
  };
}

// ---- writing ----

gssize WriteWire(Wire& wire, const void* buffer, gsize count, bool blocking,
                 GCancellable* cancellable, GError** error) {
  if (wire.cut) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "the connection was ended");
    return -1;
  }
  GError* failed = nullptr;
  const gssize n = g_socket_send_with_blocking(wire.socket.Get(), static_cast<const gchar*>(buffer),
                                               count, blocking, cancellable, &failed);
  if (n > 0) {
    wire.bytes_written += uint64_t(n);
    wire.blocked_since_us = 0;
    return n;
  }
  if (g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    int64_t none = 0;
    wire.blocked_since_us.compare_exchange_strong(none, g_get_monotonic_time());
  }
  if (failed != nullptr) g_propagate_error(error, failed);
  return n;
}

void ronin_output_pollable_init(GPollableOutputStreamInterface* iface) {
  iface->is_writable = [](GPollableOutputStream* self) noexcept -> gboolean {
    return WireReady(WireOfOutput(self), G_IO_OUT);
  };
  iface->create_source = [](GPollableOutputStream* self, GCancellable* cancellable) noexcept {
    return WireSource(WireOfOutput(self), G_OBJECT(self), G_IO_OUT, cancellable);
  };
  iface->write_nonblocking = [](GPollableOutputStream* self, const void* buffer, gsize count,
                                GError** error) noexcept {
    return WriteWire(WireOfOutput(self), buffer, count, false, nullptr, error);
  };
}

void ronin_output_init(RoninOutput*) {}

void ronin_output_class_init(RoninOutputClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = [](GObject* self) noexcept {
    delete reinterpret_cast<RoninOutput*>(self)->wire;
    G_OBJECT_CLASS(ronin_output_parent_class)->finalize(self);
  };
  G_OUTPUT_STREAM_CLASS(klass)->write_fn = [](GOutputStream* self, const void* buffer, gsize count,
                                              GCancellable* cancellable, GError** error) noexcept {
    return WriteWire(WireOfOutput(self), buffer, count, true, cancellable, error);
  };
}

// ---- both ends ----

void ronin_stream_init(RoninStream*) {}

void ronin_stream_class_init(RoninStreamClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = [](GObject* object) noexcept {
    auto* self = reinterpret_cast<RoninStream*>(object);
    g_object_unref(self->input);
    g_object_unref(self->output);
    delete self->wire;
    G_OBJECT_CLASS(ronin_stream_parent_class)->finalize(object);
  };
  GIOStreamClass* stream = G_IO_STREAM_CLASS(klass);
  stream->get_input_stream = [](GIOStream* self) noexcept {
    return reinterpret_cast<RoninStream*>(self)->input;
  };
  stream->get_output_stream = [](GIOStream* self) noexcept {
    return reinterpret_cast<RoninStream*>(self)->output;
  };
  stream->close_fn = [](GIOStream* self, GCancellable*, GError**) noexcept -> gboolean {
    Wire& wire = **reinterpret_cast<RoninStream*>(self)->wire;
    wire.cut = true;
    wire.closed();
    return TRUE;
  };
}

}  // namespace

namespace ronin::http {

GRef<GIOStream> NewConnectionStream(std::shared_ptr<Wire> wire) {
  auto* input = static_cast<RoninInput*>(g_object_new(ronin_input_get_type(), nullptr));
  input->wire = new WirePointer(wire);
  auto* output = static_cast<RoninOutput*>(g_object_new(ronin_output_get_type(), nullptr));
  output->wire = new WirePointer(wire);
  auto* stream = static_cast<RoninStream*>(g_object_new(ronin_stream_get_type(), nullptr));
  stream->wire = new WirePointer(std::move(wire));
  stream->input = G_INPUT_STREAM(input);
  stream->output = G_OUTPUT_STREAM(output);
  return Adopt(G_IO_STREAM(stream));
}

}  // namespace ronin::http
