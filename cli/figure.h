// SPDX-License-Identifier: MIT
// The figures of a result as SVG, in the colours, dashes and marks of the page.
#pragma once

#include <string>
#include <vector>

#include "attention_svm/experiments.h"

namespace attention_svm::cli {

struct Figure {
  std::string name;  ///< of its file, without the ending
  std::string svg;
};

/// "figure": every series with its band, those with the other axis below; "runs": single runs as points,
/// where the experiment has them.
std::vector<Figure> figuresOf(const ExperimentResult& result);

}  // namespace attention_svm::cli
