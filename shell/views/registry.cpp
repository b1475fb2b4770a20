// SPDX-License-Identifier: MIT
#include "views.h"

namespace attention_svm::shell {

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

static const PlotView* find(PlotKind kind) {
  switch (kind) {
#define ATTENTION_SVM_CASE(plot) \
  case PlotKind::plot: return &k##plot##View;
    ATTENTION_SVM_PLOTS(ATTENTION_SVM_CASE)
#undef ATTENTION_SVM_CASE
  }
  return nullptr;
}

#pragma GCC diagnostic pop

const PlotView& viewOf(PlotKind kind) { return *find(kind); }

Name nameOf(PlotKind kind) {
  const PlotView* view = find(kind);
  return view != nullptr ? Name{view->name, view->title, view->help} : Name{};
}

const std::vector<PlotKind>& allPlots() {
  static const std::vector<PlotKind> all = [] {
    std::vector<PlotKind> kinds;
    forEachName<PlotKind>([&kinds](PlotKind kind, const Name&) { kinds.push_back(kind); });
    return kinds;
  }();
  return all;
}

}  // namespace attention_svm::shell
