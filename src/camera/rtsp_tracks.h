// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>

#include "base/clock.h"
#include "camera/rtp_gate.h"
#include "camera/stream.h"
#include "gst/gst_ref.h"

namespace ronin::camera {

/// Adds what stands between rtspsrc's pads and the tees, as the pads appear, and watches the media
/// that comes through. One for each pipeline; shared by its callbacks.
/// Threads: its methods run on rtspsrc's threads, one after the other.
class RtspTracks {
 public:
  /// The elements are borrowed from the pipeline, which owns the callbacks that own this.
  /// @param byte_stream  looks through H.264 for start codes, which some cameras leave inside RTP
  ///                     packets (V380); costs a look at every byte
  RtspTracks(GstElement* pipeline, GstElement* video_tee, GstElement* audio_tee, bool want_audio,
             const Clock& clock, std::shared_ptr<StreamFacts> facts, bool byte_stream = false);

  /// How many video tracks the camera describes; told before the first SelectTrack.
  /// It describes them again when rtspsrc goes over from UDP to TCP.
  void OfferVideoTracks(unsigned count) {
    video_offers_ = count;
    have_video_ = have_audio_ = false;
  }

  /// Tells that the camera describes no video at all.
  void PostNoVideo();

  /// True when track `number` with these RTP caps shall be set up: the first video track and the
  /// first audio track of a kind that we can carry.
  bool SelectTrack(unsigned number, const GstCaps* caps);

  /// Lets only the stream's own packets pass a pad by which rtpbin takes packets; see RtpGate.
  /// Other pads are left alone.
  void GuardSession(GstPad* pad);

  /// Takes the sender reports of the video that come in by this pad of rtpbin, if they do.
  void WatchReports(GstElement* rtpbin, GstPad* pad);

  /// Links a new pad of rtspsrc through depayloader and parser to its tee. What cannot be carried
  /// ends in an element error with a sentence.
  void AddTrack(GstPad* pad);

 private:
  void AddChain(GstPad* pad, const char* description, GstElement* tee, bool video);
  void PostUnsupported(const char* codec);

  GstElement* pipeline_;
  GstElement* video_tee_;
  GstElement* audio_tee_;
  bool want_audio_;
  bool byte_stream_;
  const Clock& clock_;
  std::shared_ptr<StreamFacts> facts_;
  unsigned video_offers_ = 0;  // tracks that are still to be selected
  bool have_video_ = false;
  unsigned video_number_ = 0;  // of the selected track, and so of its RTP session
  bool have_audio_ = false;
  std::map<std::string, std::shared_ptr<RtpGate>> gates_;  // by the number of their session
};

/// The elements from RTP to parsed media for an encoding name of SDP ("H264", "PCMU"), in
/// gst-launch syntax; nullptr when we cannot carry it.
const char* VideoChain(const char* encoding);
const char* AudioChain(const char* encoding);

}  // namespace ronin::camera
