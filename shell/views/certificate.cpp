// SPDX-License-Identifier: MIT
// The proof that nothing separates: one bar for each constraint, as tall as its weight.
#include <cmath>
#include <string>

#include "../style.h"
#include "small_text.h"
#include "views.h"

namespace attention_svm::shell {

namespace {

using plot::Axis;
using plot::Plot;
using plot::Point;

struct Shown {
  Certificate certificate;
  const char* of = "";  ///< whose constraints
};

/// That of the tokens selected now, else that of the best ones.
Shown certificateToShow(const Session& session) {
  const Run& run = session.runs.front();
  const Prediction& p = run.prediction;
  if (p.ready() && !p.decomposition && p.optimality.solution.status == SvmStatus::Infeasible &&
      !(session.best && session.best->tokens == p.selection))
    return {certificateOf(session.dataset, p.selection, run.trainer.options().queries, p.optimality.solution),
            "for the tokens selected now"};
  if (session.best) return {session.best->certificate, "for the best tokens ★"};
  return {};
}

const char* whyEmpty(const Session& session) {
  if (!std::holds_alternative<LinearHead>(session.dataset.head))
    return "With this head there is no best token of each sequence, so nothing to prove about them.";
  if (!session.best)
    return "This data has too many constraints to look for a certificate while the page runs.";
  return session.best->solution.trusted()
             ? "A matrix separates the best tokens of all sequences: there is a solution, so no certificate "
               "against one. Choose a smaller d or more sequences to see one."
             : "For the best tokens there is neither a solution nor a certificate: a matrix that separates "
               "them would "
               "be too large to find in double precision.";
}

void drawBar(Plot& plot, const CertificateEntry& entry, Index k, double weight, bool everyToken,
             Highlight& highlight) {
  const double x = static_cast<double>(k) + 1;
  const ImVec2 top = plot.ToPixels({x + 0.36, weight}), foot = plot.ToPixels({x - 0.36, 0});
  const ImU32 colour = seriesColour(static_cast<int>(entry.name.sequence));
  plot.DrawList()->AddRectFilled({foot.x, top.y}, {std::max(top.x, foot.x + 1), foot.y}, colour, 2);
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", weight);
  const ImVec2 extent = smallExtent(text);
  if (weight > 0.005 && extent.x < 1.6f * (top.x - foot.x))
    smallText({0.5f * (top.x + foot.x - extent.x), top.y - extent.y - 5}, palette().text, text);
  const float mouse = ImGui::GetIO().MousePos.x;
  if (!plot.Hovered() || mouse < foot.x || mouse > top.x) return;
  highlight.pointAt(entry.name.sequence, entry.name.token);
  ImGui::SetTooltip("sequence %d%s\ntoken %d shall beat token %d\nweight a = %.6g",
                    static_cast<int>(entry.name.sequence) + 1,
                    everyToken ? (", query " + std::to_string(entry.name.query + 1)).c_str() : "",
                    static_cast<int>(entry.preferred) + 1, static_cast<int>(entry.name.token) + 1, weight);
}

/// "1: 3 > 2" under each bar while they fit.
void setupTicks(Plot& plot, const Certificate& certificate, float width) {
  const auto count = static_cast<float>(certificate.entries.size());
  std::vector<double> values;
  std::vector<std::string> labels;
  for (std::size_t k = 0; k < certificate.entries.size(); ++k) {
    values.push_back(static_cast<double>(k) + 1);
    labels.push_back(std::to_string(certificate.entries[k].name.sequence + 1) + ": " +
                     std::to_string(certificate.entries[k].preferred + 1) + " > " +
                     std::to_string(certificate.entries[k].name.token + 1));
  }
  const bool fit = width > 42 * count;
  if (fit) plot.SetupAxisTicks(Axis::X, std::move(values), std::move(labels));
  plot.SetupAxes(fit ? "sequence: wanted token > other token" : "constraint (colour: sequence)", "weight aₖ");
}

void drawCertificate(const Session& session, ViewState& view, Highlight& highlight, ImVec2 size) {
  const Shown shown = certificateToShow(session);
  const Certificate& certificate = shown.certificate;
  if (certificate.entries.empty()) return drawEmpty(whyEmpty(session), size);
  Plot plot;
  if (!plot.BeginPlot("Certificate", size, view.plot)) return;
  setupTicks(plot, certificate, size.x - 70);
  plot.SetupAxisLimits(Axis::X, 0.3, static_cast<double>(certificate.entries.size()) + 0.7);
  plot.SetupAxisLimits(Axis::Y, 0, 1.22 * certificate.weights.maxCoeff());
  plot::Style style;
  style.colour = palette().quiet;
  style.width = 6;
  char label[96];
  std::snprintf(label, sizeof label, "%s: Σ aₖ = 1, ‖Σ aₖ Aₖ‖ = %.0e", shown.of, certificate.residual);
  const bool fits = smallExtent(label).x < size.x - 60;
  plot.LegendItem(fits ? label : shown.of, style);
  std::vector<Point> table;
  const bool everyToken = session.runs.front().trainer.options().queries.everyToken;
  for (Index k = 0; k < certificate.weights.size(); ++k) {
    drawBar(plot, certificate.entries[static_cast<std::size_t>(k)], k, certificate.weights(k), everyToken,
            highlight);
    table.push_back({static_cast<double>(k) + 1, certificate.weights(k)});
  }
  plot.Record("weights of the constraints", table);
  plot.EndPlot();
}

}  // namespace

const PlotView kCertificateView = {
    .name = "certificate",
    .title = "Certificate",
    .help =
        "Why no matrix can do it: weights aₖ ≥ 0 of sum 1 under which the constraints cancel, Σ aₖ Aₖ = "
        "0 with "
        "Aₖ = (x_wanted − x_other) zᵀ. Were every ⟨Aₖ, W⟩ ≥ 1, their weighted sum would be at least 1, "
        "yet it is "
        "⟨0, W⟩ = 0. A tall bar is a constraint in the conflict.",
    .draw = [](PlotFrame& f) { drawCertificate(f.session, f.view, f.highlight, f.size); },
    .needsBest = true,
};

}  // namespace attention_svm::shell
