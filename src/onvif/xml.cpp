// SPDX-License-Identifier: MIT
#include "onvif/xml.h"

#include <climits>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>

#include <glib.h>

#include "base/g_ref.h"
#include "base/text.h"

namespace ronin::onvif {
namespace {

constexpr int kMostLevels = 64;
constexpr int kMostElements = 20'000;
constexpr size_t kLongestText = 4096;

/// What the parser's callbacks count; the parser stops when it is too much.
struct ParseGuard {
  int levels = 0;
  int elements = 0;
  const char* refused = nullptr;
};

void Refuse(xmlParserCtxt* parser, const char* why) {
  static_cast<ParseGuard*>(parser->_private)->refused = why;
  xmlStopParser(parser);
}

void OnDocumentType(void* context, const xmlChar*, const xmlChar*, const xmlChar*) noexcept {
  Refuse(static_cast<xmlParserCtxt*>(context), "it has a document type, which is not allowed");
}

void OnElement(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
               int namespace_count, const xmlChar** namespaces, int attribute_count,
               int defaulted_count, const xmlChar** attributes) noexcept {
  auto* parser = static_cast<xmlParserCtxt*>(context);
  auto* guard = static_cast<ParseGuard*>(parser->_private);
  if (++guard->levels > kMostLevels) {
    Refuse(parser, "it is nested too deeply");
  } else if (++guard->elements > kMostElements) {
    Refuse(parser, "it has too many elements");
  } else {
    xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count, namespaces, attribute_count,
                          defaulted_count, attributes);
  }
}

void OnElementEnd(void* context, const xmlChar* name, const xmlChar* prefix,
                  const xmlChar* uri) noexcept {
  --static_cast<ParseGuard*>(static_cast<xmlParserCtxt*>(context)->_private)->levels;
  xmlSAX2EndElementNs(context, name, prefix, uri);
}

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

const xmlChar* Xml(const char* text) { return reinterpret_cast<const xmlChar*>(text); }

struct FreeXmlText {
  void operator()(xmlChar* text) const noexcept { xmlFree(text); }
};
using XmlText = std::unique_ptr<xmlChar, FreeXmlText>;

/// Fit for a log and an answer: one line, of bounded length, cut between characters.
std::string Tidy(std::string_view text) {
  std::string out(Trim(text));
  if (out.size() > kLongestText) {
    size_t end = kLongestText;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
    out.resize(end);
  }
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

}  // namespace

std::string XmlNode::Name() const {
  return node_ == nullptr ? std::string() : std::string(View(node_->name));
}

XmlNode XmlNode::First() const {
  return XmlNode(node_ == nullptr ? nullptr : xmlFirstElementChild(node_));
}

XmlNode XmlNode::At(std::string_view path) const {
  XmlNode at = *this;
  while (at && !path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    at = at.First();
    while (at && View(at.node_->name) != name) at = XmlNode(xmlNextElementSibling(at.node_));
  }
  return at;
}

std::vector<XmlNode> XmlNode::Children(std::string_view name) const {
  std::vector<XmlNode> out;
  for (XmlNode at = First(); at; at = XmlNode(xmlNextElementSibling(at.node_))) {
    if (View(at.node_->name) == name) out.push_back(at);
  }
  return out;
}

std::string XmlNode::Text() const {
  if (node_ == nullptr) return {};
  const XmlText text(xmlNodeGetContent(node_));
  return Tidy(View(text.get()));
}

std::string XmlNode::Attribute(std::string_view name) const {
  if (node_ == nullptr) return {};
  for (xmlAttr* at = node_->properties; at != nullptr; at = at->next) {
    if (View(at->name) != name) continue;
    const XmlText text(xmlNodeListGetString(node_->doc, at->children, 1));
    return Tidy(View(text.get()));
  }
  return {};
}

void XmlNode::SetText(const std::string& text) {
  // libxml2 takes escaped text here.
  if (node_ != nullptr) xmlNodeSetContent(node_, Xml(XmlEscape(text).c_str()));
}

void XmlNode::SetAttribute(const char* name, const std::string& value) {
  if (node_ != nullptr) xmlSetProp(node_, Xml(name), Xml(value.c_str()));
}

XmlNode XmlNode::AddAfter(const char* name) {
  if (node_ == nullptr) return {};
  xmlNode* added = xmlNewDocNode(node_->doc, node_->ns, Xml(name), nullptr);
  return XmlNode(xmlAddNextSibling(node_, added));
}

XmlNode XmlNode::AddChild(const char* name) {
  if (node_ == nullptr) return {};
  return XmlNode(xmlNewChild(node_, node_->ns, Xml(name), nullptr));
}

std::string XmlNode::Write(const char* name) const {
  if (node_ == nullptr) return {};
  xmlDoc* document = xmlNewDoc(nullptr);
  // A copy brings along the namespaces that were declared further up.
  xmlNode* copy = xmlDocCopyNode(node_, document, 1);
  xmlDocSetRootElement(document, copy);
  xmlNodeSetName(copy, Xml(name));
  xmlBuffer* buffer = xmlBufferCreate();
  xmlNodeDump(buffer, document, copy, 0, 0);
  std::string out(View(xmlBufferContent(buffer)));
  xmlBufferFree(buffer);
  xmlFreeDoc(document);
  return out;
}

void XmlDocument::Free::operator()(_xmlDoc* document) const noexcept { xmlFreeDoc(document); }

Result<XmlDocument> XmlDocument::Parse(std::string_view text) {
  const auto bad = [](const char* why) {
    return Fail(ErrorKind::kInvalidArgument, Concat("This XML cannot be read: ", why, "."));
  };
  if (text.empty()) return bad("it is empty");
  if (text.size() > INT_MAX) return bad("it is too long");
  ParseGuard guard;
  xmlParserCtxt* parser = xmlCreateMemoryParserCtxt(text.data(), int(text.size()));
  if (parser == nullptr) return bad("it is not XML");
  parser->_private = &guard;
  // Entities stay unresolved and there is no network, even if a document type got past the guard.
  xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  parser->sax->internalSubset = OnDocumentType;
  parser->sax->startElementNs = OnElement;
  parser->sax->endElementNs = OnElementEnd;
  xmlParseDocument(parser);
  std::unique_ptr<xmlDoc, Free> document(parser->myDoc);
  const bool well_formed = parser->wellFormed != 0;
  xmlFreeParserCtxt(parser);
  if (guard.refused != nullptr) return bad(guard.refused);
  if (!well_formed || document == nullptr) return bad("it is not well formed");
  return XmlDocument(std::move(document));
}

XmlNode XmlDocument::root() const {
  return XmlNode(document_ == nullptr ? nullptr : xmlDocGetRootElement(document_.get()));
}

std::string XmlEscape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') {
      out += c;
    }
  }
  return out;
}

}  // namespace ronin::onvif
