// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RONIN_LIVE_SINK (gst_ronin_live_sink_get_type())
G_DECLARE_FINAL_TYPE(GstRoninLiveSink, gst_ronin_live_sink, GST, RONIN_LIVE_SINK, GstElement)
GST_ELEMENT_REGISTER_DECLARE(roninlivesink)

G_END_DECLS
