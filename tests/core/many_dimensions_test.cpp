// SPDX-License-Identifier: MIT
// From some size of W on, the images of several queries are found together: the same bits as one by one.
#include <gtest/gtest.h>

#include "attention_svm/attention.h"
#include "attention_svm/random_dataset.h"
#include "ordered_sums.h"

namespace attention_svm {
namespace {

TEST(ManyDimensions, ImagesOfQueriesHaveTheSameBitsTogether) {
  for (const Index d : {199, 200, 233}) {
    RandomDatasetSpec spec;
    spec.n = 37;  // blocks of 16, 16 and 5
    spec.T = 3;
    spec.d = d;
    const Dataset dataset = randomDataset(spec).value();
    const Matrix W = Matrix::NullaryExpr(
        d, d, [](Index i, Index j) { return std::sin(static_cast<double>(i * 7 + j * 3)); });
    AttentionModel model(dataset, {}, Loss::Logistic);
    model.forward(W);
    for (Index r = 0; r < dataset.n(); ++r) {
      Vector image(d), logits(3);
      for (Index i = 0; i < d; ++i) image(i) = orderedDot(W.data() + i * d, dataset.Z.data() + r * d, d);
      for (Index t = 0; t < 3; ++t) logits(t) = orderedDot(dataset.tokens(r).data() + t * d, image.data(), d);
      EXPECT_EQ(model.logits(r), logits) << "d = " << d << ", query " << r;
    }
  }
}

}  // namespace
}  // namespace attention_svm
