// SPDX-License-Identifier: MIT
#include "app/options.h"

#include "base/text.h"

namespace ronin::app {
namespace {

constexpr int kDefaultDemo = 4;
constexpr int kMaxDemo = 5;

Result<int> ParseDemo(const std::string& value) {
  if (value.size() == 1 && value[0] >= '1' && value[0] <= '0' + kMaxDemo) return value[0] - '0';
  return Fail(ErrorKind::kInvalidArgument, Concat("--demo takes 1 to ", kMaxDemo, " cameras"));
}

/// Walks the arguments; an option's value stands behind "=" or is the next argument.
class Parser {
 public:
  explicit Parser(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  Result<Options> Parse() {
    while (at_ < arguments_.size()) {
      if (auto done = One(arguments_[at_++]); !done) return tl::unexpected(done.error());
    }
    AddList("listen", listen_);
    AddList("storage", storage_);
    return options_;
  }

 private:
  Status One(const std::string& argument) {
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = argument.substr(equals + 1);
    if (name == "--help" || name == "-h") {
      options_.action = Options::Action::kHelp;
    } else if (name == "--version") {
      options_.action = Options::Action::kVersion;
    } else if (name == "--check-config") {
      options_.action = Options::Action::kCheckConfig;
    } else if (name == "--demo") {
      const auto count = value ? ParseDemo(*value) : Result<int>(kDefaultDemo);
      if (!count) return tl::unexpected(count.error());
      options_.demo_cameras = *count;
    } else if (name == "pipeline") {
      options_.action = Options::Action::kPipeline;
      return Take(argument, std::nullopt, &options_.pipeline_target);
    } else if (name == "catalog") {
      options_.action = Options::Action::kCatalog;
      return TakeCatalogWork(argument);
    } else if (name == "key") {
      options_.action = Options::Action::kKey;
      return TakeKeyWork(argument);
    } else {
      return Valued(name, value);
    }
    return {};
  }

  Status TakeCatalogWork(const std::string& argument) {
    if (auto taken = Take(argument, std::nullopt, &options_.catalog_work); !taken) return taken;
    if (options_.catalog_work == "check" || options_.catalog_work == "rebuild") return {};
    return Fail(ErrorKind::kInvalidArgument, "catalog takes check or rebuild");
  }

  Status TakeKeyWork(const std::string& argument) {
    std::string work;
    if (auto taken = Take(argument, std::nullopt, &work); !taken) return taken;
    if (work == "rotate") return {};
    return Fail(ErrorKind::kInvalidArgument, "key takes rotate");
  }

  Status Valued(const std::string& name, const std::optional<std::string>& given) {
    std::string value;
    const bool known = name == "--config" || name == "--data-dir" || name == "--storage" ||
                       name == "--listen" || name == "--log-level" || name == "--set";
    if (!known) {
      return Fail(ErrorKind::kInvalidArgument,
                  Concat("\"", name, "\" is no option of ronin-nvr; see ronin-nvr --help"));
    }
    if (auto taken = Take(name, given, &value); !taken) return taken;
    if (name == "--config") options_.config_file = value;
    if (name == "--data-dir") options_.overrides.push_back("data_dir=" + value);
    if (name == "--log-level") options_.overrides.push_back("log_level=" + value);
    if (name == "--set") options_.overrides.push_back(value);
    if (name == "--storage") storage_.push_back(value);
    if (name == "--listen") listen_.push_back(value);
    return {};
  }

  Status Take(const std::string& name, const std::optional<std::string>& given, std::string* out) {
    if (given) {
      *out = *given;
    } else if (at_ < arguments_.size()) {
      *out = arguments_[at_++];
    } else {
      return Fail(ErrorKind::kInvalidArgument,
                  Concat(name, " needs a value; see ronin-nvr --help"));
    }
    return {};
  }

  void AddList(const char* key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    std::string joined;
    for (const std::string& value : values) joined += (joined.empty() ? "" : ";") + value;
    options_.overrides.push_back(Concat(key, "=", joined));
  }

  const std::vector<std::string>& arguments_;
  size_t at_ = 0;
  Options options_;
  std::vector<std::string> storage_;
  std::vector<std::string> listen_;
};

}  // namespace

Result<Options> ParseOptions(const std::vector<std::string>& arguments) {
  return Parser(arguments).Parse();
}

std::string HelpText() {
  return R"(ronin-nvr records IP cameras and shows them, live and later, in a browser.

  ronin-nvr [--config FILE] [--data-dir DIR] [--storage DIR]... [--listen ADDR:PORT]...
            [--set KEY=VALUE]... [--demo[=N]] [--log-level LEVEL]
  ronin-nvr --version | --help | --check-config
  ronin-nvr pipeline CAMERA_ID|URL    the gst-launch-1.0 line of a camera's pipeline
  ronin-nvr catalog check             what differs between the catalog and the disks
  ronin-nvr catalog rebuild           a new catalog from the files; the recorder must not run
  ronin-nvr key rotate                a new master key for the cameras' passwords; the same

  --config FILE       read settings from FILE; data/config.example.conf explains each
  --data-dir DIR      databases (default /var/lib/ronin-nvr)
  --storage DIR       recordings (default DATA_DIR/recordings); of several, the first that
                      can be written to
  --listen ADDR:PORT  where the browser connects (default 127.0.0.1:8080; port 0: a free one)
  --set KEY=VALUE     one setting, stronger than the file
  --demo[=N]          with N synthetic cameras (1 to 5, default 4)
  --log-level LEVEL   error, warning, info or debug
)";
}

}  // namespace ronin::app
