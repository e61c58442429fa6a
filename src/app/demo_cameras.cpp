// SPDX-License-Identifier: MIT
#include "app/demo_cameras.h"

#include <csignal>
#include <sstream>
#include <utility>

#include <gio/gio.h>

#include "base/text.h"

RONIN_G_OBJECT(GSubprocess)
RONIN_G_OBJECT(GDataInputStream)

namespace ronin::app {

struct DemoCameras::Process {
  GRef<GSubprocess> child;
  GRef<GDataInputStream> lines;
  GRef<GCancellable> cancellable = Adopt(g_cancellable_new());
  std::vector<DemoCamera> cameras;
  Ready ready;

  void ReadLine() {
    // The helper and its reader live as long as the object; a cancelled read touches neither.
    g_data_input_stream_read_line_async(lines.Get(), G_PRIORITY_DEFAULT, cancellable.Get(), OnLine,
                                        this);
  }

  static void OnLine(GObject* source, GAsyncResult* result, gpointer data) noexcept {
    GErrorPtr error;
    const GCharPtr line(g_data_input_stream_read_line_finish_utf8(G_DATA_INPUT_STREAM(source),
                                                                  result, nullptr, Out(error)));
    if (g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_CANCELLED)) return;
    static_cast<Process*>(data)->Take(line.get());
  }

  void Take(const char* line) {
    if (line == nullptr) {
      if (ready) {
        std::exchange(ready, nullptr)(
            Fail(ErrorKind::kUnavailable, "the demo cameras ended before they were ready"));
      }
      return;
    }
    const std::string_view text = line;
    constexpr std::string_view kCamera = "camera ";
    if (text.starts_with(kCamera)) {
      const size_t space = text.rfind(' ');
      cameras.push_back({std::string(text.substr(kCamera.size(), space - kCamera.size())),
                         std::string(text.substr(space + 1))});
    } else if (text == "ready" && ready) {
      std::exchange(ready, nullptr)(cameras);
    }
    ReadLine();
  }
};

DemoCameras::DemoCameras(std::unique_ptr<Process> process) : process_(std::move(process)) {}

DemoCameras::~DemoCameras() {
  g_cancellable_cancel(process_->cancellable.Get());
  g_subprocess_send_signal(process_->child.Get(), SIGTERM);
}

Result<std::unique_ptr<DemoCameras>> DemoCameras::Start(const std::string& program, int count,
                                                        const std::string& cache_dir, Ready ready) {
  GErrorPtr error;
  const std::string count_option = Concat("--count=", count);
  constexpr auto kPipes =
      GSubprocessFlags(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  auto process = std::make_unique<Process>();
  process->child = Adopt(g_subprocess_new(kPipes, Out(error), program.c_str(), count_option.c_str(),
                                          "--cache", cache_dir.c_str(), nullptr));
  if (!process->child) {
    return tl::unexpected(ErrorFromGError(error.get(), "the demo cameras cannot be started"));
  }
  process->lines =
      Adopt(g_data_input_stream_new(g_subprocess_get_stdout_pipe(process->child.Get())));
  process->ready = std::move(ready);
  process->ReadLine();
  return std::unique_ptr<DemoCameras>(new DemoCameras(std::move(process)));
}

Status EnterDemoCameras(CameraStore& store, const std::vector<DemoCameras::DemoCamera>& found,
                        WallTime now) {
  const auto stored = store.List();
  if (!stored) return tl::unexpected(stored.error());
  for (const auto& demo_camera : found) {
    CameraRecord record{.name = demo_camera.name};
    for (const CameraRecord& old : *stored) {
      if (old.name == demo_camera.name) record = old;
    }
    record.url = demo_camera.url;  // its port is another one each time
    const auto saved = record.id != 0 ? store.Update(record, now) : store.Insert(record, now);
    if (!saved) return tl::unexpected(saved.error());
  }
  return {};
}

}  // namespace ronin::app
