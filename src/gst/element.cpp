// SPDX-License-Identifier: MIT
#include "gst/element.h"

#include "base/redact.h"
#include "base/text.h"

namespace ronin::gst {
namespace {

constexpr const char* kOptional = "ronin-optional-branch";

}  // namespace

Result<GRef<GstElement>> MakeElement(const char* factory, const std::string& name,
                                     std::initializer_list<Property> properties) {
  GstElement* raw = gst_element_factory_make(factory, name.empty() ? nullptr : name.c_str());
  if (raw == nullptr) {
    return Fail(ErrorKind::kUnsupported,
                Concat("the GStreamer element \"", factory,
                       "\" is not installed; run ./run once, or install the packages listed in "
                       "data/packages.txt"));
  }
  GRef<GstElement> element = Share(raw);
  for (const Property& property : properties) {
    gst_util_set_object_arg(G_OBJECT(raw), property.name, property.value.c_str());
  }
  return element;
}

GRef<GstPad> StaticPad(GstElement* element, const char* name) {
  GstPad* pad = gst_element_get_static_pad(element, name);
  g_assert(pad != nullptr);
  return Adopt(pad);
}

void TakeOut(GstElement* bin, GstElement* element) {
  gst_element_set_locked_state(element, TRUE);
  gst_bin_remove(GST_BIN(bin), element);
}

std::string ErrorText(GstMessage* message) {
  GErrorPtr error;
  GCharPtr debug;
  gst_message_parse_error(message, Out(error), Out(debug));
  const GCharPtr name(gst_object_get_name(GST_MESSAGE_SRC(message)));
  return Redact(Concat(name ? name.get() : "?", ": ", error ? error->message : "?",
                       debug ? Concat(" (", debug.get(), ")") : ""));
}

void MarkOptional(GstElement* branch) {
  g_object_set_data(G_OBJECT(branch), kOptional, GINT_TO_POINTER(1));
}

bool FromOptionalBranch(GstMessage* message) {
  GRef<GstElement> parent;
  for (GstObject* at = GST_MESSAGE_SRC(message); at != nullptr; at = GST_OBJECT(parent.Get())) {
    if (g_object_get_data(G_OBJECT(at), kOptional) != nullptr) return true;
    parent = Adopt(GST_ELEMENT(gst_object_get_parent(at)));
  }
  return false;
}

}  // namespace ronin::gst
