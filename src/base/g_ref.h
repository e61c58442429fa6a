// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <memory>
#include <utility>

#include <gio/gio.h>
#include <glib-object.h>

namespace ronin {

/// How to take and drop one reference to a T. No default on purpose: a type that is not listed
/// does not compile, instead of being unreferenced wrongly at run time.
template <typename T>
struct GRefTraits;

// NOLINTBEGIN(bugprone-macro-parentheses): a type in parentheses is none.
/// Lists a GObject type. Use outside of any namespace.
#define RONIN_G_OBJECT(T)                                                   \
  template <>                                                               \
  struct ronin::GRefTraits<T> {                                             \
    static void Ref(T* p) { g_object_ref_sink(p); }                         \
    static void Unref(T* p) { g_object_unref(p); }                          \
    static bool Floating(T* p) { return g_object_is_floating(p) != FALSE; } \
  };

/// Lists a counted type that is not a GObject. Use outside of any namespace.
#define RONIN_G_COUNTED(T, ref, unref)         \
  template <>                                  \
  struct ronin::GRefTraits<T> {                \
    static void Ref(T* p) { ref(p); }          \
    static void Unref(T* p) { unref(p); }      \
    static bool Floating(T*) { return false; } \
  };
// NOLINTEND(bugprone-macro-parentheses)

/// Owns one reference to a T, or nothing. Never floating. There is no constructor from a raw
/// pointer: a hand-over says Adopt (transfer full) or Share (transfer none, or floating).
/// Thread: as safe as the reference count of T, which is atomic for all listed types.
template <typename T>
class GRef {
 public:
  GRef() noexcept = default;
  GRef(const GRef& other) noexcept : pointer_(other.pointer_) {
    if (pointer_ != nullptr) GRefTraits<T>::Ref(pointer_);
  }
  GRef(GRef&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  GRef& operator=(GRef other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  ~GRef() {
    if (pointer_ != nullptr) GRefTraits<T>::Unref(pointer_);
  }

  T* Get() const noexcept { return pointer_; }  ///< (transfer none)
  [[nodiscard]] T* Release() noexcept {         ///< (transfer full)
    return std::exchange(pointer_, nullptr);
  }
  void Reset() noexcept { *this = GRef(); }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }

 private:
  template <typename U>
  friend GRef<U> Adopt(U* pointer) noexcept;
  template <typename U>
  friend GRef<U> Share(U* pointer) noexcept;

  T* pointer_ = nullptr;
};

/// Takes over the reference of a (transfer full) result; must not be floating.
template <typename T>
GRef<T> Adopt(T* pointer) noexcept {
  assert(pointer == nullptr || !GRefTraits<T>::Floating(pointer));
  GRef<T> out;
  out.pointer_ = pointer;
  return out;
}

/// Takes a reference of its own to a (transfer none) result, or sinks a floating one.
template <typename T>
GRef<T> Share(T* pointer) noexcept {
  if (pointer != nullptr) GRefTraits<T>::Ref(pointer);
  return Adopt(pointer);
}

/// Frees a single-owner C value.
template <auto Fn>
struct FreeWith {
  template <typename T>
  void operator()(T* pointer) const noexcept {
    Fn(pointer);
  }
};

using GErrorPtr = std::unique_ptr<GError, FreeWith<g_error_free>>;
using GCharPtr = std::unique_ptr<char, FreeWith<g_free>>;

/// Fills a unique_ptr from a C out-parameter: `gst_parse_launch(text, Out(error))`.
template <typename P>
class OutPointer {
 public:
  explicit OutPointer(P& target) noexcept : target_(target) {}
  OutPointer(const OutPointer&) = delete;
  OutPointer& operator=(const OutPointer&) = delete;
  ~OutPointer() { target_.reset(raw_); }
  operator typename P::pointer *() noexcept { return &raw_; }  // NOLINT: that is its purpose

 private:
  P& target_;
  typename P::pointer raw_ = nullptr;
};

template <typename P>
OutPointer<P> Out(P& target) noexcept {
  return OutPointer<P>(target);
}

}  // namespace ronin

RONIN_G_OBJECT(GObject)
RONIN_G_OBJECT(GSocket)
RONIN_G_OBJECT(GIOStream)
RONIN_G_OBJECT(GOutputStream)
RONIN_G_OBJECT(GCancellable)
RONIN_G_COUNTED(GBytes, g_bytes_ref, g_bytes_unref)
RONIN_G_COUNTED(GMainContext, g_main_context_ref, g_main_context_unref)
RONIN_G_COUNTED(GMainLoop, g_main_loop_ref, g_main_loop_unref)
