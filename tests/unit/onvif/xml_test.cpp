// SPDX-License-Identifier: MIT
#include "onvif/xml.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/temp_dir.h"

namespace ronin::onvif {
namespace {

std::string Repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string WhyNot(const std::string& text) {
  const auto document = XmlDocument::Parse(text);
  return document ? "" : document.error().message;
}

TEST(Xml, FindsElementsByLocalNameWhateverTheirPrefix) {
  const auto document = XmlDocument::Parse(
      R"(<a:x xmlns:a="urn:1"><b:y xmlns:b="urn:2" b:k="v"> one &amp; two </b:y><y>3</y></a:x>)");

  ASSERT_TRUE(document);
  const XmlNode root = document->root();
  EXPECT_EQ(root.Name(), "x");
  EXPECT_EQ(root.TextAt("y"), "one & two");
  EXPECT_EQ(root.At("y").Attribute("k"), "v");
  EXPECT_EQ(root.Children("y").size(), 2U);
  EXPECT_FALSE(root.At("y/z/q"));
  EXPECT_EQ(root.At("z").At("y").Text(), "");
  EXPECT_EQ(XmlNode().Attribute("k"), "");
}

TEST(Xml, RefusesADocumentTypeBeforeAnyEntityExists) {
  testing::TempDir dir;
  std::ofstream(dir / "secret") << "canary";
  const std::string path = dir / "secret";

  EXPECT_EQ(WhyNot("<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>"),
            "This XML cannot be read: it has a document type, which is not allowed.");
  EXPECT_NE(WhyNot("<!DOCTYPE x><x/>"), "");
  EXPECT_NE(WhyNot("<!DOCTYPE x SYSTEM \"http://192.0.2.1/x.dtd\"><x/>"), "");
  EXPECT_NE(WhyNot(Concat("<!DOCTYPE x [<!ENTITY a SYSTEM \"file://", path, "\">]><x>&a;</x>")),
            "");
}

TEST(Xml, EndsALaughingBombAtOnce) {
  std::string bomb = "<!DOCTYPE x [<!ENTITY a0 \"lol\">";
  for (int i = 1; i < 20; ++i) {
    bomb += Concat("<!ENTITY a", i, " \"", Repeated(Concat("&a", i - 1, ";"), 10), "\">");
  }

  EXPECT_NE(WhyNot(bomb + "]><x>&a19;</x>"), "");
}

TEST(Xml, LimitsHowDeepAndHowManyElementsAre) {
  EXPECT_EQ(WhyNot(Repeated("<a>", 64) + Repeated("</a>", 64)), "");
  EXPECT_EQ(WhyNot(Repeated("<a>", 65) + Repeated("</a>", 65)),
            "This XML cannot be read: it is nested too deeply.");
  EXPECT_EQ(WhyNot(Repeated("<a>", 500'000)), "This XML cannot be read: it is nested too deeply.");
  EXPECT_EQ(WhyNot("<x>" + Repeated("<a/>", 19'999) + "</x>"), "");
  EXPECT_EQ(WhyNot("<x>" + Repeated("<a/>", 20'000) + "</x>"),
            "This XML cannot be read: it has too many elements.");
}

TEST(Xml, RefusesWhatIsNotWellFormed) {
  const std::string texts[] = {"",
                               "hello",
                               "<a>",
                               "<a></b>",
                               "<a>&b;",
                               "<a b='1' b",
                               "\xff\xfe<a",
                               std::string("<a>\0</a>", 8),
                               "<a>\xc3\x28</a>"};
  for (const std::string& text : texts) EXPECT_NE(WhyNot(text), "") << text;
}

// Cut anywhere, and with any byte changed, it is an error or a document, and nothing else.
TEST(Xml, SurvivesEveryCutAndEveryChangedByte) {
  const std::string good =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:E xmlns:s=\"urn:s\"><s:B k=\"v\">"
      "<![CDATA[x]]><!-- c -->&#65;&lt;</s:B></s:E>";
  ASSERT_EQ(WhyNot(good), "");
  for (size_t i = 0; i < good.size(); ++i) {
    (void)WhyNot(good.substr(0, i));
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = good;
      changed[i] = char(byte);
      if (const auto document = XmlDocument::Parse(changed)) {
        (void)document->root().TextAt("B");
        (void)document->root().At("B").Attribute("k");
      }
    }
  }
}

TEST(Xml, KeepsTextsShortAndOnOneLine) {
  const auto document = XmlDocument::Parse("<a>1&#9;2&#10;3" + Repeated("\xc3\xa4", 5000) + "</a>");

  ASSERT_TRUE(document);
  const std::string text = document->root().Text();
  EXPECT_EQ(text.substr(0, 5), "1 2 3");
  EXPECT_LE(text.size(), 4096U);
  EXPECT_EQ(text.substr(text.size() - 2), "\xc3\xa4");
}

TEST(Xml, WritesAnElementWithTheNamespacesItNeeds) {
  const auto document = XmlDocument::Parse(
      R"(<x xmlns:t="urn:t" xmlns:u="urn:u"><u:list token="1"><t:A>b &lt; c</t:A></u:list></x>)");
  ASSERT_TRUE(document);
  XmlNode list = document->root().At("list");
  list.At("A").SetText("d & e");
  list.SetAttribute("token", "<2>");
  list.At("A").AddAfter("B").AddChild("C").SetText("4");

  const auto again = XmlDocument::Parse(list.Write("one"));

  ASSERT_TRUE(again) << list.Write("one");
  EXPECT_EQ(again->root().Name(), "one");
  EXPECT_EQ(again->root().Attribute("token"), "<2>");
  EXPECT_EQ(again->root().TextAt("A"), "d & e");
  EXPECT_EQ(again->root().TextAt("B/C"), "4");
  EXPECT_NE(list.Write("one").find("t:A"), std::string::npos);
  EXPECT_NE(list.Write("one").find("xmlns:t=\"urn:t\""), std::string::npos);
}

TEST(XmlEscape, LeavesNothingThatXmlWouldRead) {
  EXPECT_EQ(XmlEscape("<a b=\"c\">&\x01\x1f</a>"), "&lt;a b=&quot;c&quot;&gt;&amp;&lt;/a&gt;");
}

}  // namespace
}  // namespace ronin::onvif
