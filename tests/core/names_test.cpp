// SPDX-License-Identifier: MIT
// Every choice has one name, by which it is found again.
#include "attention_svm/names.h"

#include <gtest/gtest.h>

#include <set>

#include "attention_svm/norm.h"

using namespace attention_svm;

namespace {

template <class Enum>
void everyNameLeadsBack(int count) {
  std::set<std::string> ids;
  forEachName<Enum>([&](Enum value, const Name& name) {
    EXPECT_EQ(valueNamed<Enum>(name.id), value);
    EXPECT_STRNE(name.label, "") << name.id;
    ids.insert(name.id);
  });
  EXPECT_GE(static_cast<int>(ids.size()), count) << idsOf<Enum>();
  EXPECT_FALSE(valueNamed<Enum>("nobody"));
}

}  // namespace

TEST(Names, LeadBackToTheirValues) {
  everyNameLeadsBack<Parameterization>(2);
  everyNameLeadsBack<Optimizer>(9);
  everyNameLeadsBack<Loss>(3);
  everyNameLeadsBack<GradientMode>(2);
  everyNameLeadsBack<HeadKind>(3);
  everyNameLeadsBack<TextUnit>(2);
  everyNameLeadsBack<EmbeddingKind>(2);
  everyNameLeadsBack<SvmStatus>(3);
  everyNameLeadsBack<ExperimentKind>(5);
  everyNameLeadsBack<SweepVariable>(4);
}

TEST(Names, AsCppSpellsThem) {
  EXPECT_EQ(identifierOf(nameOf(Optimizer::NormalizedGdGrowing)), "NormalizedGdGrowing");
  EXPECT_EQ(identifierOf(nameOf(Parameterization::KQ)), "KQ");
}

TEST(Names, OfNorms) {
  EXPECT_EQ(normNamed("nuclear"), Norm::nuclear());
  EXPECT_EQ(normNamed("lp", 3.0), Norm::lp(3.0));
  EXPECT_EQ(normNamed("linf"), Norm::linf());
  EXPECT_FALSE(normNamed("l7"));
  EXPECT_EQ(normNames([](const NormInfo& info) { return info.ball; }), "frobenius, nuclear");
  EXPECT_EQ(findNorm(static_cast<Norm::Kind>(99)), nullptr);
}

/// |<S, W>| <= |S|_dual |W|, with equality somewhere: that is what bounds an SVM from below.
TEST(Norms, DualNormBoundsTheInnerProduct) {
  Matrix W(2, 2), S(2, 2);
  W << 1, -2, 0.5, 3;
  S << 2, 1, -1, 0.25;
  for (int k = 0; findNorm(static_cast<Norm::Kind>(k)) != nullptr; ++k) {
    const Norm norm{static_cast<Norm::Kind>(k), 3.0};
    EXPECT_LE(std::abs(inner(S, W)), dualNormValue(norm, S) * normValue(norm, W) * (1 + 1e-12))
        << infoOf(norm).id;
    EXPECT_NEAR(normValue(norm, 2.5 * W), 2.5 * normValue(norm, W), 1e-12);
    EXPECT_LE(normValue(norm, W + S), normValue(norm, W) + normValue(norm, S) + 1e-12);
    EXPECT_NEAR(dualNormValue(norm, -S), dualNormValue(norm, S), 1e-12);
  }
}
