// The regularization path turns towards the SVM of its ball (THEORY section 4).
#include <gtest/gtest.h>

#include "attention_svm/random_dataset.h"
#include "attention_svm/regularization_path.h"

namespace attention_svm {
namespace {

TEST(RegularizationPath, DirectionTendsToTheMatchingSvm) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
      RandomDatasetSpec spec;
      spec.n = 4;
      spec.T = 5;
      spec.d = 6;
      spec.seed = seed;
      const Dataset dataset = randomDataset(spec).value();
      const std::vector<double> radii{1, 10, 100, 300};
      const auto path = regularizationPath(dataset, norm, radii).value();
      const SvmSolution svm =
          solveSvm(svmProblem(dataset, optimalTokens(dataset).value().tokens).value(), norm);
      ASSERT_TRUE(svm.feasible);
      for (std::size_t k = 0; k < radii.size(); ++k) {
        EXPECT_LE(normValue(norm, path[k].W), radii[k] * (1 + 1e-9));
        if (k > 0) {
          EXPECT_LE(path[k].loss, path[k - 1].loss + 1e-12);
        }
      }
      const double off = oneMinusCorrelation(path.back().W, svm.W);
      EXPECT_LT(off, norm.kind == Norm::Kind::Frobenius ? 1e-3 : 1e-2) << seed;
      if (norm.kind == Norm::Kind::Frobenius) {
        EXPECT_TRUE(path.back().converged) << toText(path.back());
      }
    }
}

TEST(RegularizationPath, RefusesWhatItCannotFollow) {
  const Dataset dataset = randomDataset({}).value();
  EXPECT_EQ(regularizationPath(dataset, Norm::frobenius(), {2, 1}).error(),
            "radii[1]: expected positive numbers in ascending order");
  EXPECT_FALSE(regularizationPath(dataset, Norm::lp(3), {1}).ok());
}

}  // namespace
}  // namespace attention_svm
