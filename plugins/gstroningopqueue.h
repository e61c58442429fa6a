// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RONIN_GOP_QUEUE (gst_ronin_gop_queue_get_type())
G_DECLARE_FINAL_TYPE(GstRoninGopQueue, gst_ronin_gop_queue, GST, RONIN_GOP_QUEUE, GstElement)
GST_ELEMENT_REGISTER_DECLARE(roningopqueue)

G_END_DECLS
