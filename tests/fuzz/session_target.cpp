// SPDX-License-Identifier: MIT
// Session files, and what a tab keeps of itself.
#include "import/session_file.h"
#include "import_fuzz.h"
#include "keepsake.h"
#include "settings/address.h"

void attention_svm::test::fuzz(const std::string& bytes) {
  const Result<std::optional<shell::SessionFile>> session = shell::parseSession(bytes, kFuzzBudget);
  if (!session) {
    must(!session.error().empty(), "an error without a sentence");
  } else if (session.value()) {
    must(validated(session.value()->dataset).ok(), "its data is not whole");
    must(session.value()->iteration >= 0, "a negative iteration");
  }
  const Result<shell::Keepsake> kept = shell::keepsakeFrom(bytes);
  if (!kept) return must(!kept.error().empty(), "an error without a sentence");
  const std::string text = shell::keepsakeText(kept.value());
  const Result<shell::Keepsake> again = shell::keepsakeFrom(text);
  must(again.ok() && shell::keepsakeText(again.value()) == text, "it is not read again as it was written");
}
