// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RONIN_RTP_ORDER (gst_ronin_rtp_order_get_type())
G_DECLARE_FINAL_TYPE(GstRoninRtpOrder, gst_ronin_rtp_order, GST, RONIN_RTP_ORDER, GstElement)
GST_ELEMENT_REGISTER_DECLARE(roninrtporder)

G_END_DECLS
