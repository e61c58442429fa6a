// SPDX-License-Identifier: MIT
#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include "gst/gst_ref.h"

RONIN_G_OBJECT(GstRTSPServer)
RONIN_G_OBJECT(GstRTSPAuth)
RONIN_G_OBJECT(GstRTSPMediaFactory)
RONIN_G_OBJECT(GstRTSPMountPoints)
RONIN_G_OBJECT(GstRTSPSessionPool)
RONIN_G_OBJECT(GstRTSPThreadPool)
