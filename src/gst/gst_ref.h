// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include "base/g_ref.h"

RONIN_G_OBJECT(GstElement)
RONIN_G_OBJECT(GstPad)
RONIN_G_OBJECT(GstBus)
RONIN_G_OBJECT(GstClock)
RONIN_G_COUNTED(GstCaps, gst_caps_ref, gst_caps_unref)
RONIN_G_COUNTED(GstBuffer, gst_buffer_ref, gst_buffer_unref)
RONIN_G_COUNTED(GstSample, gst_sample_ref, gst_sample_unref)
RONIN_G_COUNTED(GstMessage, gst_message_ref, gst_message_unref)
