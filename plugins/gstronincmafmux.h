// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RONIN_CMAF_MUX (gst_ronin_cmaf_mux_get_type())
G_DECLARE_FINAL_TYPE(GstRoninCmafMux, gst_ronin_cmaf_mux, GST, RONIN_CMAF_MUX, GstElement)
GST_ELEMENT_REGISTER_DECLARE(ronincmafmux)

G_END_DECLS
