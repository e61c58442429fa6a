// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RONIN_FRAG_MUX (gst_ronin_frag_mux_get_type())
G_DECLARE_FINAL_TYPE(GstRoninFragMux, gst_ronin_frag_mux, GST, RONIN_FRAG_MUX, GstElement)
GST_ELEMENT_REGISTER_DECLARE(roninfragmux)

G_END_DECLS
