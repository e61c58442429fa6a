// SPDX-License-Identifier: MIT
// What cannot be provoked with a fake camera; the rest is in tests/api/camera_errors.test.mjs.
#include "camera/camera_error.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "camera/rtsp_dialog.h"

namespace ronin::camera {
namespace {

const WallTime kNow = FromMicros(1'795'000'000'000'000);

CameraError Meaning(GQuark domain, int code, const char* text, const char* debug,
                    GstStructure* details = nullptr) {
  const GRef<GstElement> source = Share(gst_pipeline_new("source"));
  const std::unique_ptr<GError, FreeWith<g_error_free>> error(
      g_error_new_literal(domain, code, text));
  GstMessage* message =
      gst_message_new_error_with_details(GST_OBJECT(source.Get()), error.get(), debug, details);
  CameraError out = ErrorFromMessage(message, kNow);
  gst_message_unref(message);
  return out;
}

CameraError Answer(guint status, const char* reason) {
  return Meaning(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "Unhandled error", nullptr,
                 gst_structure_new("details", "rtsp-status-code", G_TYPE_UINT, status,
                                   "rtsp-status-reason", G_TYPE_STRING, reason, nullptr));
}

TEST(CameraError, NamesTheAnswerOfTheCamera) {
  EXPECT_EQ(Answer(403, "Forbidden").code, "forbidden");
  EXPECT_EQ(Answer(453, "Not Enough Bandwidth").code, "busy");
  EXPECT_EQ(Answer(503, "Service Unavailable").code, "busy");
  const CameraError other = Answer(551, "Option not supported");
  EXPECT_EQ(other.code, "server_error");
  EXPECT_EQ(other.message,
            "The camera answered with error 551 (Option not supported); if that stays so, restart "
            "the camera.");
  EXPECT_EQ(other.at, kNow);
}

TEST(CameraError, NamesWhatWasAnsweredToSetup) {
  const auto answer = [](const char* text) {
    return Meaning(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, "Could not write",
                   Concat("gstrtspsrc.c(7864): setup (): /source:\n", text).c_str());
  };

  EXPECT_EQ(answer("Error (453): Not Enough Bandwidth").code, "busy");
  EXPECT_EQ(answer("Error (403): Forbidden").code, "forbidden");
  EXPECT_EQ(answer("Error (459): Aggregate").message,
            "The camera answered with error 459 (Aggregate); if that stays so, restart the "
            "camera.");
}

TEST(CameraError, NamesTheHostThatItIsSentTo) {
  EXPECT_EQ(Answer(305, "192.0.2.9").code, "redirected");
  EXPECT_NE(Answer(305, "192.0.2.9").message.find("192.0.2.9"), std::string::npos);
  EXPECT_NE(Answer(305, "").message.find("to nowhere"), std::string::npos);
}

TEST(CameraError, TellsWhatIsWrongWithThePassword) {
  EXPECT_NE(Answer(401, "Unauthorized").message.find("refused"), std::string::npos);
  EXPECT_NE(Answer(401, RtspDialog::kNoPassword).message.find("enter both"), std::string::npos);
  EXPECT_NE(Answer(401, RtspDialog::kUnknownScheme).message.find("allow Digest"),
            std::string::npos);
}

TEST(CameraError, DoesNotTakeNumbersInTheTextForAnAnswer) {
  const auto error = Meaning(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "Could not read",
                             "gstrtspsrc.c(403): loop: 404 (453)");

  EXPECT_EQ(error.code, "unreachable");
}

TEST(CameraError, ACodecThatDoesNotFitIsUnsupported) {
  const auto error = Meaning(GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE,
                             "A track of the camera does not fit what it announced.", nullptr);

  EXPECT_EQ(error.code, "unsupported_codec");
  EXPECT_EQ(error.message, "A track of the camera does not fit what it announced.");
}

TEST(CameraError, AnythingElseIsToldWithoutPasswords) {
  const auto error = Meaning(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "Internal data error",
                             "rtsp://admin:hunter2@192.0.2.1/s broke");

  EXPECT_EQ(error.code, "server_error");
  EXPECT_NE(error.message.find("Internal data error"), std::string::npos);
  EXPECT_EQ(error.message.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace ronin::camera
