// SPDX-License-Identifier: MIT
// What takes long, piece by piece, so that a worker can tell how far it is and stop.
#pragma once

#include "attention_svm/experiments.h"
#include "attention_svm/local_optimality.h"
#include "values.h"

namespace attention_svm::web {

/// All locally optimal selections, found piece by piece.
class SearchHandle {
 public:
  SearchHandle(LocallyOptimalSearch search, double limit) : search_(std::move(search)), limit_(limit) {}
  bool advance(double milliseconds) {
    return workFor(milliseconds, [this] { return search_.found().examined < limit_ && search_.advance(); });
  }
  double progress() const { return search_.found().examined / std::min(limit_, search_.found().total); }
  val result() const {
    const LocallyOptimalSelections& found = search_.found();
    val result = val::object();
    result.set("selections", lists(found.selections));
    val global = val::array();
    for (const LocalOptimality& one : found.found) global.call<void>("push", one.global);
    result.set("global", global);
    result.set("total", found.total);
    result.set("examined", found.examined);
    result.set("complete", found.complete);
    return result;
  }

 private:
  LocallyOptimalSearch search_;
  double limit_;
};

class PathHandle {
 public:
  explicit PathHandle(RegularizationPath path) : path_(std::move(path)) {}
  val next(double radius) { return pathPoint(path_.next(radius)); }

 private:
  RegularizationPath path_;
};

class ExperimentHandle {
 public:
  explicit ExperimentHandle(Experiment experiment) : experiment_(std::move(experiment)) {}
  bool advance(double milliseconds) {
    return workFor(milliseconds, [this] { return experiment_.advance(); });
  }
  double progress() const { return experiment_.progress(); }
  val result() const {
    const ExperimentResult r = experiment_.result();
    val result = val::object();
    result.set("spec", toText(experiment_.spec()));
    result.set("xName", r.xName);
    result.set("yName", r.yName);
    result.set("x", floats(r.x));
    val series = val::array();
    for (const ExperimentSeries& s : r.series) {
      val one = val::object();
      one.set("name", s.name);
      one.set("mean", floats(s.mean));
      one.set("median", floats(s.median));
      one.set("low", floats(s.low));
      one.set("high", floats(s.high));
      one.set("error", floats(s.error));
      const std::vector<double> count(s.count.begin(), s.count.end());
      one.set("count", floats(count));
      series.call<void>("push", one);
    }
    result.set("series", series);
    val points = val::array();
    for (const ExperimentPoint& p : r.points) {
      val point = val::object();
      point.set("series", p.series);
      point.set("x", p.x);
      point.set("y", p.y);
      points.call<void>("push", point);
    }
    result.set("points", points);
    result.set("scatterName", r.scatterName);
    result.set("draws", r.draws);
    result.set("leftOut", r.leftOut);
    result.set("note", r.note);
    result.set("csv", toCsv(r));
    return result;
  }

 private:
  Experiment experiment_;
};

}  // namespace attention_svm::web
