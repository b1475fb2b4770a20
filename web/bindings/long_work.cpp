// SPDX-License-Identifier: MIT
#include "long_work.h"

#include <memory>

namespace attention_svm::web {

namespace {

val makeExperiment(const std::string& text) {
  const Result<ExperimentSpec> spec = parseExperiment(text);
  if (!spec) return failure(spec.error());
  Result<Experiment> experiment = Experiment::create(spec.value());
  if (!experiment) return failure(experiment.error());
  return val(std::make_shared<ExperimentHandle>(std::move(experiment).value()));
}

}  // namespace

EMSCRIPTEN_BINDINGS(attention_svm_long_work) {
  emscripten::function("experiment", &makeExperiment);
  emscripten::class_<ExperimentHandle>("Experiment")
      .smart_ptr<std::shared_ptr<ExperimentHandle>>("ExperimentPointer")
      .function("advance", &ExperimentHandle::advance)
      .function("progress", &ExperimentHandle::progress)
      .function("result", &ExperimentHandle::result);
  emscripten::class_<SearchHandle>("Search")
      .smart_ptr<std::shared_ptr<SearchHandle>>("SearchPointer")
      .function("advance", &SearchHandle::advance)
      .function("progress", &SearchHandle::progress)
      .function("result", &SearchHandle::result);
  emscripten::class_<PathHandle>("Path")
      .smart_ptr<std::shared_ptr<PathHandle>>("PathPointer")
      .function("next", &PathHandle::next);
}

}  // namespace attention_svm::web
