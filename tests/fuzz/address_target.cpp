// SPDX-License-Identifier: MIT
// Addresses: whatever they say, settings come out that an address can name again.
#include "fuzz.h"
#include "settings/address.h"

void attention_svm::test::fuzz(const std::string& bytes) {
  std::vector<std::string> notices;
  const shell::Settings settings = shell::settingsFromAddress(bytes, notices);
  for (const std::string& notice : notices) must(!notice.empty(), "an empty notice");
  const std::string address = shell::addressOf(settings);
  std::vector<std::string> none;
  const std::string again = shell::addressOf(shell::settingsFromAddress(address, none));
  must(none.empty(), none.empty() ? "" : address + ": " + none.front());
  must(again == address, address + " became " + again);
}
