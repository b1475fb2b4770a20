// SPDX-License-Identifier: MIT
// The regularization path turns towards the SVM of its ball (THEORY section 4).
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "attention_svm/random_dataset.h"
#include "attention_svm/regularization_path.h"

namespace attention_svm {
namespace {

TEST(RegularizationPath, DirectionTendsToTheMatchingSvm) {
  const std::vector<double> radii{1, 10, 30, 100, 300, 1000, 3000};
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
      RandomDatasetSpec spec;
      spec.n = 4;
      spec.T = 5;
      spec.d = 6;
      spec.seed = seed;
      const Dataset dataset = randomDataset(spec).value();
      const auto path = regularizationPath(dataset, norm, radii).value();
      const SvmSolution svm =
          solveSvm(svmProblem(dataset, optimalTokens(dataset).value().tokens).value(), norm);
      ASSERT_TRUE(svm.feasible);
      const bool frobenius = norm.kind == Norm::Kind::Frobenius;
      double before = 2.0;
      for (std::size_t k = 0; k < radii.size(); ++k) {
        SCOPED_TRACE("seed " + std::to_string(seed) + (frobenius ? " Frobenius " : " nuclear ") +
                     toText(path[k]));
        EXPECT_LE(normValue(norm, path[k].W), radii[k] * (1 + 1e-9));
        EXPECT_LE(path[k].stationarity, frobenius || radii[k] < 100 ? 1e-6 : 5e-3);
        EXPECT_EQ(path[k].converged, path[k].stationarity <= 1e-6);
        if (k > 0) {
          EXPECT_LE(path[k].loss, path[k - 1].loss + 1e-12);
        }
        const double off = oneMinusCorrelation(path[k].W, svm.W);
        if (radii[k] > 30) {
          EXPECT_LT(off, before);
        }
        before = off;
      }
      EXPECT_LT(before, frobenius ? 1e-5 : 1e-4);
    }
}

/// The same sequence with both labels: the best prediction is 0, in between two tokens, which a finite W
/// gives.
TEST(RegularizationPath, FindsAFiniteOptimum) {
  Dataset dataset;
  dataset.X = {Matrix{{1.0, 0.2}, {-0.5, 1.0}}, Matrix{{1.0, 0.2}, {-0.5, 1.0}}};
  dataset.Z = Matrix{{0.0, 1.0}, {0.0, 1.0}};
  dataset.y = Vector{{1.0, -1.0}};
  dataset.head = LinearHead{Vector{{1.0, 0.0}}};
  for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
    const auto path = regularizationPath(validated(dataset).value(), norm, {1, 10, 100}).value();
    for (const PathPoint& point : path) EXPECT_NEAR(point.loss, std::log(2.0), 1e-9) << toText(point);
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
