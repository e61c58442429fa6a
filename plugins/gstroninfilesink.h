// SPDX-License-Identifier: MIT
#pragma once

#include <gst/base/gstbasesink.h>
#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RONIN_FILE_SINK (gst_ronin_file_sink_get_type())
G_DECLARE_FINAL_TYPE(GstRoninFileSink, gst_ronin_file_sink, GST, RONIN_FILE_SINK, GstBaseSink)
GST_ELEMENT_REGISTER_DECLARE(roninfilesink)

G_END_DECLS
