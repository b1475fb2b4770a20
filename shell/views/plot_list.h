// SPDX-License-Identifier: MIT
// The plots, in the order in which the panel lists them. To add one: a line here, and a file in this folder
// that ends in the PlotView of that name (views.h). A line without its file does not link.
#pragma once

#define ATTENTION_SVM_PLOTS(PLOT) \
  PLOT(Geometry)                  \
  PLOT(Convergence)               \
  PLOT(LossAndNorm)               \
  PLOT(Attention)                 \
  PLOT(Words)                     \
  PLOT(Priority)                  \
  PLOT(NextWord)                  \
  PLOT(Scores)                    \
  PLOT(Margins)                   \
  PLOT(MarginRatio)               \
  PLOT(Norms)                     \
  PLOT(SingularValues)            \
  PLOT(Certificate)               \
  PLOT(Images)                    \
  PLOT(Path)                      \
  PLOT(BasinMap)                  \
  PLOT(Shares)                    \
  PLOT(Angles)                    \
  PLOT(LosingTokens)              \
  PLOT(Experiment)

namespace attention_svm::shell {

#define ATTENTION_SVM_ENUMERATOR(plot) plot,
enum class PlotKind { ATTENTION_SVM_PLOTS(ATTENTION_SVM_ENUMERATOR) };
#undef ATTENTION_SVM_ENUMERATOR

}  // namespace attention_svm::shell
