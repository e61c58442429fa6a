// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct _xmlDoc;
struct _xmlNode;

namespace ronin::onvif {

/// One element of an XmlDocument, or none. Names are local names: devices choose their prefixes,
/// and some the wrong namespaces. Borrowed: dies with its document. Thread: that of the document.
class XmlNode {
 public:
  XmlNode() = default;
  explicit XmlNode(_xmlNode* node) : node_(node) {}
  explicit operator bool() const { return node_ != nullptr; }

  std::string Name() const;
  /// The first element under this one; none for none, so that look-ups can be chained.
  XmlNode First() const;
  /// The first element on a path of names: "RateControl/FrameRateLimit".
  XmlNode At(std::string_view path) const;
  std::vector<XmlNode> Children(std::string_view name) const;
  /// The text in the element, trimmed, without control characters, at most 4 KiB; empty for none.
  std::string Text() const;
  std::string TextAt(std::string_view path) const { return At(path).Text(); }
  /// The attribute of that local name; empty if there is none.
  std::string Attribute(std::string_view name) const;

  /// Changes of the document; nothing happens on none.
  void SetText(const std::string& text);
  void SetAttribute(const char* name, const std::string& value);
  XmlNode AddAfter(const char* name);  ///< a new element of the same namespace behind this one
  XmlNode AddChild(const char* name);  ///< a new element of the same namespace in this one

  /// The element and all in it as text under another name, with the namespaces it needs.
  std::string Write(const char* name) const;

 private:
  _xmlNode* node_ = nullptr;
};

/// An XML text that somebody else wrote. It is refused when it has a document type (so it defines
/// no entities), is nested deeper than 64 elements or has more than 20,000; nothing is ever
/// fetched. Movable; nodes stay valid. Thread-bound.
class XmlDocument {
 public:
  /// Errors: kInvalidArgument with what is wrong.
  static Result<XmlDocument> Parse(std::string_view text);

  XmlNode root() const;

 private:
  struct Free {
    void operator()(_xmlDoc* document) const noexcept;
  };
  explicit XmlDocument(std::unique_ptr<_xmlDoc, Free> document) : document_(std::move(document)) {}
  std::unique_ptr<_xmlDoc, Free> document_;
};

/// `text` as the content of an element or attribute. Characters that XML cannot hold are left out.
std::string XmlEscape(std::string_view text);

}  // namespace ronin::onvif
