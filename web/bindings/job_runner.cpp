// SPDX-License-Identifier: MIT
// The lab's jobs (shell/jobs) for web/src/worker.js: the same module that others use as the core.
#include <emscripten.h>
#include <emscripten/bind.h>

#include <cstdint>
#include <memory>

#include "jobs/job.h"

namespace attention_svm::web {

class JobRunner {
 public:
  explicit JobRunner(emscripten::val request) : job_(shell::makeJob(stringOf(request))) {}

  /// Why there is no job; empty when there is one.
  std::string error() const { return job_ ? std::string() : job_.error(); }
  /// Works for about that long, one piece at least; false when nothing is left to do.
  bool advance(double milliseconds) {
    const double end = emscripten_get_now() + milliseconds;
    bool more = true;
    do {
      more = job_.value()->advance();
    } while (more && emscripten_get_now() < end);
    return more;
  }
  double progress() const { return job_.value()->progress(); }
  /// Bytes, as the request: JavaScript's strings would not keep them.
  emscripten::val answer() const { return viewOf(job_.value()->answer()).call<emscripten::val>("slice"); }
  std::string failure() const { return job_.value()->failure(); }

 private:
  /// All at once; embind would fetch the bytes one by one.
  static std::string stringOf(const emscripten::val& bytes) {
    std::string result(bytes["length"].as<std::size_t>(), '\0');
    viewOf(result).call<void>("set", bytes);
    return result;
  }
  static emscripten::val viewOf(const std::string& bytes) {
    return emscripten::val(
        emscripten::typed_memory_view(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data())));
  }

  Result<std::unique_ptr<shell::Job>> job_;
};

EMSCRIPTEN_BINDINGS(attention_svm_jobs) {
  emscripten::class_<JobRunner>("JobRunner")
      .constructor<emscripten::val>()
      .function("error", &JobRunner::error)
      .function("advance", &JobRunner::advance)
      .function("progress", &JobRunner::progress)
      .function("answer", &JobRunner::answer)
      .function("failure", &JobRunner::failure);
}

}  // namespace attention_svm::web
