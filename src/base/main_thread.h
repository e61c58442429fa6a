// SPDX-License-Identifier: MIT
#pragma once

namespace ronin {

/// Declares the calling thread to be main. Once, at the start of the program or the test.
void SetMainThread();

/// True on the thread that SetMainThread() named, and everywhere before it was called.
bool OnMainThread();

}  // namespace ronin

/// Begins a method that belongs to the main thread.
#define RONIN_ASSERT_MAIN_THREAD() g_assert(::ronin::OnMainThread())
