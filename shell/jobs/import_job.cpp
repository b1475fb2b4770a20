// SPDX-License-Identifier: MIT
#include "import_job.h"

#include <algorithm>

#include "../import/import.h"
#include "../import/session_file.h"
#include "packed.h"

namespace attention_svm::shell {

namespace {

Result<Imported> read(const std::string& name, const std::string& bytes, const Budget& budget,
                      ImportAnswer& answer) {
  Result<std::optional<SessionFile>> session = parseSession(bytes, budget);
  if (!session) return Error{session.error()};
  if (!session.value()) return importDataset(name, bytes, budget);
  answer.session = session.value()->address;
  answer.iteration = static_cast<double>(session.value()->iteration);
  return Imported{std::move(session.value()->dataset), true};
}

class ImportJob : public Job {
 public:
  explicit ImportJob(const JobRequest& request) : request_(request) {}

  bool advance() override {
    switch (step_++) {
      case 0: return parse();
      case 1: return heads();
      case 2: answer_.projection = projectionOf(dataset_); return true;
      default: break;
    }
    answer_.dataset = datasetBytes(dataset_);
    answer_.hash = hashOf(answer_.dataset);
    return false;
  }
  [[nodiscard]] double progress() const override { return std::min(1.0, 0.25 * step_); }
  [[nodiscard]] std::string answer() const override { return step_ > 3 ? toText(answer_) : std::string(); }
  [[nodiscard]] std::string failure() const override { return failure_; }

  [[nodiscard]] ImportAnswer take() {
    answer_.parsed = std::make_shared<const Dataset>(std::move(dataset_));
    return std::move(answer_);
  }

 private:
  bool parse() {
    Result<Imported> imported = read(request_.name, request_.dataset, request_.options.budget, answer_);
    request_.dataset = {};
    if (!imported) {
      failure_ = imported.error();
      return false;
    }
    answer_.hasHead = imported.value().hasHead;
    dataset_ = std::move(imported.value().dataset);
    if (dataset_.name.empty()) dataset_.name = request_.name;
    return true;
  }
  bool heads() {
    if (answer_.hasHead) return true;
    answer_.fitted = headFrom(HeadChoice::Fitted, dataset_);
    answer_.difference = headFrom(HeadChoice::MeanDifference, dataset_);
    dataset_.head = LinearHead{answer_.fitted};
    return true;
  }

  JobRequest request_;
  ImportAnswer answer_;
  Dataset dataset_;
  std::string failure_;
  int step_ = 0;
};

}  // namespace

Result<std::unique_ptr<Job>> makeImport(const JobRequest& request) {
  return Result<std::unique_ptr<Job>>(std::make_unique<ImportJob>(request));
}

Result<ImportAnswer> imported(const std::string& name, const std::string& bytes, const Budget& budget) {
  ImportJob job(importRequest(name, bytes, budget));
  while (job.advance()) continue;
  if (const std::string why = job.failure(); !why.empty()) return Error{why};
  return job.take();
}

}  // namespace attention_svm::shell
