// SPDX-License-Identifier: MIT
// Registration of RoninNVR's elements, nothing else.
#include <gst/gst.h>

#include "gstronincmafmux.h"
#include "gstroninfilesink.h"
#include "gstroninfragmux.h"
#include "gstroningopqueue.h"
#include "gstroninlivesink.h"
#include "gstroninrtporder.h"

static gboolean plugin_init(GstPlugin* plugin) {
  gboolean ok = GST_ELEMENT_REGISTER(ronincmafmux, plugin);
  ok &= GST_ELEMENT_REGISTER(roninfragmux, plugin);
  ok &= GST_ELEMENT_REGISTER(roninfilesink, plugin);
  ok &= GST_ELEMENT_REGISTER(roningopqueue, plugin);
  ok &= GST_ELEMENT_REGISTER(roninlivesink, plugin);
  ok &= GST_ELEMENT_REGISTER(roninrtporder, plugin);
  return ok;
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, ronin, "Elements of the RoninNVR recorder",
                  plugin_init, RONIN_VERSION, "MIT/X11", "RoninNVR", "RoninNVR")
