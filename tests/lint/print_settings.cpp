// SPDX-License-Identifier: MIT
// Prints the table of configuration keys for check_config_docs.py, one per line, by tabs.
#include <iostream>

#include "config/settings.h"

int main() {
  for (const ronin::SettingInfo& info : ronin::AllSettings()) {
    std::cout << info.key << '\t' << info.unit << '\t' << info.default_value << '\t' << info.min
              << '\t' << info.max << '\t' << info.doc << '\n';
  }
}
