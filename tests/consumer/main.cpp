// SPDX-License-Identifier: MIT
// The shortest complete use of the core: data, training, SVM, comparison.
#include <attention_svm/attention_svm.h>

#include <cstdio>

int main() {
  using namespace attention_svm;
  RandomDatasetSpec spec;
  spec.n = 4;
  spec.T = 5;
  spec.d = 8;
  const Dataset dataset = randomDataset(spec).value();

  Trainer trainer = Trainer::create(dataset, TrainerOptions{}).value();
  trainer.step(4000);

  const SvmProblem problem = svmProblem(dataset, trainer.selected()).value();
  const SvmSolution svm = solveSvm(problem, Norm::frobenius());
  const double off = oneMinusCorrelation(trainer.W(), svm.W);
  std::printf("%s1 - correlation of W with it: %.2e\n", toText(svm).c_str(), off);
  return svm.status == SvmStatus::Solved && off < 0.01 ? 0 : 1;
}
