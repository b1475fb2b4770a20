#include "lab.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "attention_svm/json.h"
#include "document/compact.h"
#include "import/import.h"
#include "import/session_file.h"
#include "jobs/job_desk.h"
#include "layout/compact.h"
#include "panels/panels.h"
#include "panels/widgets.h"
#include "scenarios.h"
#include "settings/address.h"
#include "settings/experiment_text.h"
#include "style.h"
#include "views/views.h"

namespace attention_svm::shell {

namespace {

constexpr float kPhoneWidth = 760.0f;
constexpr float kPanelWidth = 312.0f, kNarrowestPanel = 230.0f, kWidestPanel = 640.0f;
constexpr float kTitledHeight = 170.0f;  // lower plots need all of it for themselves
constexpr std::size_t kMostUndo = 100;
constexpr Index kLargestInAddress = 120;  // numbers; larger data is kept like a file, under its hash

/// FNV-1a, 64 bits, as hexadecimal text: names a dataset in an address.
std::string hashOf(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (int shift = 60; shift >= 0; shift -= 4) result.push_back(kDigits[(hash >> shift) & 15]);
  return result;
}

std::string basinsText(const Basins& basins) {
  std::string text = std::to_string(basins.selections.size()) + " locally optimal among " +
                     std::to_string(static_cast<long>(basins.examined)) + " selections";
  if (!basins.complete) text += " of " + std::to_string(static_cast<long long>(basins.total));
  text += ":";
  constexpr std::size_t kListed = 12;
  for (std::size_t k = 0; k < basins.selections.size() && k < kListed; ++k) {
    text += "\n    tokens";
    for (const Index t : basins.selections[k]) text += " " + std::to_string(t + 1);
    if (basins.global[k] != 0) text += "  ★ global";
    if (basins.selections[k] == basins.end) text += "  ← this start leads here";
  }
  if (basins.selections.size() > kListed)
    text += "\n    and " + std::to_string(basins.selections.size() - kListed) + " more";
  return text;
}

json::Value tokensJson(const Selection& tokens) {
  json::Array items;
  for (const Index t : tokens) items.emplace_back(static_cast<double>(t));
  return items;
}

}  // namespace

struct Lab::State {
  explicit State(Host& given) : host(given), desk(given) {}

  Host& host;
  Session session;
  JobDesk desk;
  std::map<PlotKind, ViewState> views;
  Highlight highlight;
  std::vector<std::string> notices;
  std::vector<Settings> undone, done;        ///< redo and undo
  std::map<std::string, std::string> files;  ///< datasets opened in this session, by hash
  bool darkSystem = false, reducedMotion = false, styleApplied = false, dark = false;
  bool helpOpen = false, whyOpen = false;
  CommandPalette commands;
  Sections sections;
  std::optional<HeadOffer> headOffer;
  float panelWidth = kPanelWidth;
  int firstPlot = 0;        ///< of those shown, where a small place does not hold all
  long catchUp = 0;         ///< iteration of an opened session, to which its runs are trained again
  std::string draggedHash;  ///< edited data too large for the address, not kept by the page yet
  int idleFrames = 0;
  double frameSeconds = 0.0, lastNotify = -1.0;
  bool verdictTold = false;

  Result<Dataset> datasetFor(const Settings& s) {
    switch (s.source) {
      case DataSource::Random: return randomDataset(s.random);
      case DataSource::Edited: return expandDataset(s.edited);
      case DataSource::File: {
        const auto found = files.find(s.fileHash);
        if (found == files.end())
          return Error{"This link shows a dataset file" +
                       (s.fileName.empty() ? std::string() : " (" + s.fileName + ")") +
                       " that this browser does not have. Open the file to see it."};
        return parseDataset(found->second);
      }
      case DataSource::Preset: break;
    }
    return parseDataset(presetJson(s.preset));
  }

  /// Settings take effect all together or not at all; the error says why not.
  std::string use(const Settings& next) {
    Result<Dataset> dataset = datasetFor(next);
    if (!dataset) return dataset.error();
    const Projection projection = projectionOf(dataset.value());
    Result<std::vector<Run>> runs = makeRuns(next, dataset.value(), projection);
    if (!runs) return runs.error();
    const bool sameScenario = session.settings.scenario == next.scenario;
    const bool sameExperiment =
        experimentText(session.settings.experiment) == experimentText(next.experiment);
    for (const JobKind kind : {JobKind::Prediction, JobKind::Basins, JobKind::Path}) desk.stop(kind);
    session.settings = next;
    session.dataset = std::move(dataset).value();
    session.projection = projection;
    session.runs = std::move(runs).value();
    session.path = {};
    session.basins = {};
    session.basinsMessage.clear();
    session.best.reset();
    solveBest();  // now: the other plots of this frame already show it
    catchUp = 0;
    if (headOffer && next.source != DataSource::File) headOffer.reset();
    startPredictions();
    if (!sameExperiment) {
      desk.stop(JobKind::Experiment);
      session.experiment.reset();
      // In somebody's article nothing runs before it is asked for.
      if (next.panel == Panel::Full || next.autoplay) startExperiment();
    }
    if (!sameScenario) views.clear();
    verdictTold = false;
    idleFrames = 0;
    return {};
  }

  void change(const Settings& next, bool newHistoryEntry, bool remember) {
    if (onlyLooksDiffer(session.settings, next)) {
      session.settings = next;
      host.addressChanged(addressOf(next), false);
      return;
    }
    const Settings before = session.settings;
    const std::string problem = use(next);
    if (!problem.empty()) {
      notice(problem);
      return;
    }
    if (remember) {
      done.push_back(before);
      if (done.size() > kMostUndo) done.erase(done.begin());
      undone.clear();
    }
    if (before.scenario != next.scenario) session.playing = next.autoplay;
    host.addressChanged(addressOf(session.settings), newHistoryEntry);
  }

  void notice(const std::string& text) {
    if (std::find(notices.begin(), notices.end(), text) == notices.end()) notices.push_back(text);
    idleFrames = 0;
  }

  void back(std::vector<Settings>& from, std::vector<Settings>& to) {
    if (from.empty()) return;
    const Settings target = from.back();
    from.pop_back();
    to.push_back(session.settings);
    if (const std::string problem = use(target); !problem.empty()) notice(problem);
    host.addressChanged(addressOf(session.settings), false);
  }

  void trainFor(double budget) {
    const double end = host.seconds() + budget;
    for (int k = 0; k < session.settings.stepsPerFrame; ++k) {
      for (Run& run : session.runs) train(run, 1, session.projection);
      if (host.seconds() >= end) break;
    }
    for (Run& run : session.runs) judge(run);
    startPredictions();
  }

  /// Trains an opened session on to where it was saved, as far as the frame's time goes.
  void trainBack(double budget) {
    const double end = host.seconds() + budget;
    const auto before = [this](const Run& run) { return run.trainer.iteration() < catchUp; };
    while (before(session.runs.front()) && host.seconds() < end)
      for (Run& run : session.runs) train(run, before(run) ? 1 : 0, session.projection);
    for (Run& run : session.runs) judge(run);
    if (!before(session.runs.front())) catchUp = 0;
  }

  /// The SVM of the best tokens, when something shows it.
  void solveBest() {
    const auto& plots = session.settings.plots;
    const auto shown = [&plots](PlotKind kind) {
      return std::find(plots.begin(), plots.end(), kind) != plots.end();
    };
    if (session.best || !(whyOpen || shown(PlotKind::Certificate))) return;
    if (Result<BestTokens> best =
            solveBestTokens(session.dataset, session.settings.training.queries, kQuickConstraints))
      session.best = std::move(best).value();
  }

  void tellThePage() {
    const Run& run = session.runs.front();
    const bool settled = run.verdict.saturated;
    if (settled && !verdictTold) {
      verdictTold = true;
      host.notify("verdict");
    }
    if (session.playing && host.seconds() - lastNotify > 0.2) {
      lastNotify = host.seconds();
      host.notify("progress");
    }
  }

  void applyEdit(const Edit& edit);
  void useEdited(const Dataset& dataset, Settings& next);
  void keepDragged();
  Result<std::string> openDataset(const std::string& name, const Dataset& dataset);
  Result<std::string> openSession(const std::string& name, const std::string& text);
  void chooseHead(HeadChoice choice);
  void moveWz(const Edit& edit, Settings& next) const;
  void startPredictions();
  void startExperiment();
  void startPath(const Norm& norm);
  void play(bool on);
  [[nodiscard]] std::string sentence() const;
  void drawSentence(Actions& actions);
  void takeAnswer(const JobDesk::Running& job, const std::string& answer);
  void carryOut(const Actions& actions);
  void keys(Actions& actions);
  void drawNotices();
  void drawOffer(Actions& actions);
  void drawSplitter();
  void drawPlot(PlotKind kind, ImVec2 size);
  [[nodiscard]] std::vector<PlotKind> plotsShown() const {
    if (session.settings.plots.empty()) return {PlotKind::Geometry, PlotKind::Convergence};
    return session.settings.plots;
  }
  void drawPlots(ImVec2 size);
  void drawGrid(const std::vector<PlotKind>& plots, int columns, int lines, ImVec2 size);
  void drawPhonePlots(const std::vector<PlotKind>& plots, std::size_t from, std::size_t to);
  void drawCompact(Actions& actions);
  void drawCompactRow(const PlotGrid& grid, int count, Actions& actions);
  void drawDesktop(Actions& actions);
  void drawPhone(Actions& actions);
};

void Lab::State::moveWz(const Edit& edit, Settings& next) const {
  Trainer start = Trainer::create(session.dataset, session.runs.front().trainer.options()).value();
  const Vector z = session.dataset.query(edit.sequence);
  // The smallest change of W that puts W z where the mouse is
  const Vector change = edit.position - start.W() * z;
  Matrix W = start.W() + change * z.transpose() / z.squaredNorm();
  W = W.unaryExpr([](double x) { return rounded(x); });
  next.training.W0 = W;
}

void Lab::State::applyEdit(const Edit& edit) {
  Dataset dataset = session.dataset;
  Settings next = session.settings;
  const auto i = static_cast<std::size_t>(edit.sequence);
  const auto place = [&edit] {
    Vector p = edit.position.unaryExpr([](double x) { return rounded(x); });
    return p;
  };
  switch (edit.kind) {
    case Edit::Kind::MoveWz: moveWz(edit, next); break;
    case Edit::Kind::MoveToken: dataset.X[i].row(edit.token) = place().transpose(); break;
    case Edit::Kind::MoveQuery: dataset.Z.row(edit.sequence) = place().transpose(); break;
    case Edit::Kind::MoveHead: std::get<LinearHead>(dataset.head).v = place(); break;
    case Edit::Kind::FlipLabel: dataset.y(edit.sequence) = -dataset.y(edit.sequence); break;
    case Edit::Kind::AddToken:
      dataset.X[i].conservativeResize(dataset.X[i].rows() + 1, Eigen::NoChange);
      dataset.X[i].bottomRows(1) = place().transpose();
      break;
    case Edit::Kind::AddSequence: {  // the new token and its mirror image, the query at a right angle
      const Vector x = place();
      Matrix pair(2, 2);
      pair << x.transpose(), -x.transpose();
      dataset.X.push_back(pair);
      dataset.y.conservativeResize(dataset.y.size() + 1);
      dataset.y.tail(1)(0) = 1.0;
      if (dataset.selfAttention()) break;
      dataset.Z.conservativeResize(dataset.Z.rows() + 1, Eigen::NoChange);
      dataset.Z.bottomRows(1) << -x(1), x(0);
      break;
    }
    case Edit::Kind::DeleteSequence: {
      if (dataset.n() < 2) return;
      const Index below = dataset.n() - edit.sequence - 1;
      dataset.X.erase(dataset.X.begin() + edit.sequence);
      dataset.y.segment(edit.sequence, below) = dataset.y.tail(below).eval();
      dataset.y.conservativeResize(dataset.y.size() - 1);
      if (dataset.selfAttention()) break;
      dataset.Z.middleRows(edit.sequence, below) = dataset.Z.bottomRows(below).eval();
      dataset.Z.conservativeResize(dataset.Z.rows() - 1, Eigen::NoChange);
      break;
    }
    case Edit::Kind::DeleteToken: {
      Matrix& X = dataset.X[i];
      if (X.rows() < 2) return;
      Matrix rest(X.rows() - 1, X.cols());
      rest << X.topRows(edit.token), X.bottomRows(X.rows() - edit.token - 1);
      X = rest;
      break;
    }
  }
  if (edit.kind != Edit::Kind::MoveWz) useEdited(dataset, next);
  // What moves under the mouse is the picture of the start; play shows the rest.
  session.playing = session.playing && edit.kind != Edit::Kind::MoveWz;
  change(next, false, edit.begins);
}

/// Small data goes into the address; the rest is kept like a file, and the address names it by its hash.
void Lab::State::useEdited(const Dataset& dataset, Settings& next) {
  Index numbers = 0;
  for (const Matrix& X : dataset.X) numbers += X.size();
  if (numbers <= kLargestInAddress && std::holds_alternative<LinearHead>(dataset.head)) {
    next.source = DataSource::Edited;
    next.edited = compactDataset(dataset);
    return;
  }
  Dataset named = dataset;
  named.name = "edited by hand";
  const std::string text = toJson(named);
  const bool dragging = next.source == DataSource::File && next.fileHash == draggedHash;
  const auto isOld = [this](const Settings& s) { return s.fileHash == draggedHash; };
  if (dragging && std::none_of(done.begin(), done.end(), isOld)) files.erase(draggedHash);
  next.source = DataSource::File;
  next.fileName = named.name;
  next.fileHash = draggedHash = hashOf(text);
  files[next.fileHash] = text;
}

/// Once the mouse has let go.
void Lab::State::keepDragged() {
  if (draggedHash.empty() || ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  if (const auto found = files.find(draggedHash); found != files.end())
    host.keepDataset(draggedHash, found->second);
  draggedHash.clear();
}

void Lab::State::chooseHead(HeadChoice choice) {
  Dataset dataset = session.dataset;
  dataset.head = LinearHead{headFrom(choice, dataset)};
  const std::string file = headOffer->file;
  if (openDataset(file, dataset)) headOffer = HeadOffer{file, choice};
}

void Lab::State::startPredictions() {
  for (std::size_t k = 0; k < session.runs.size(); ++k) {
    Run& run = session.runs[k];
    if (!run.wantsJob || desk.predicting(k)) continue;
    run.wantsJob = false;
    desk.start(predictionRequest(run.trainer, run.trainer.selected(), predictedNorm(run.trainer.options())),
               "Solving the SVM", k, static_cast<double>(run.trainer.iteration()));
  }
}

void Lab::State::startExperiment() {
  if (!session.settings.experiment || desk.busy(JobKind::Experiment)) return;
  session.experiment.reset();
  desk.start(experimentRequest(*session.settings.experiment), "Experiment");
}

/// Where the page is about an experiment, that is what plays.
void Lab::State::play(bool on) {
  session.playing = on;
  if (!showsExperiment(session.settings)) return;
  if (on)
    startExperiment();
  else
    desk.stop(JobKind::Experiment);
}

std::string Lab::State::sentence() const {
  if (showsExperiment(session.settings))
    return experimentSentence(*session.settings.experiment, session.experiment);
  return session.runs.front().verdict.sentence;
}

void Lab::State::drawSentence(Actions& actions) {
  if (showsExperiment(session.settings))
    drawExperimentVerdict(session);
  else
    drawVerdict(session, actions);
}

void Lab::State::startPath(const Norm& norm) {
  desk.stop(JobKind::Path);
  session.path = {};
  desk.start(pathRequest(session.dataset, session.settings.training, norm),
             std::string("Path in the ") + infoOf(norm).name + " ball");
}

void Lab::State::takeAnswer(const JobDesk::Running& job, const std::string& answer) {
  switch (job.view.kind) {
    case JobKind::Prediction: {
      Result<Prediction> prediction = predictionFrom(answer);
      if (!prediction || job.run >= session.runs.size()) return;
      Run& run = session.runs[job.run];
      accept(run, std::move(prediction).value(), job.atIteration);
      judge(run);  // the run may have moved on meanwhile
      startPredictions();
      return;
    }
    case JobKind::Basins:
      if (Result<Basins> basins = basinsFrom(answer)) {
        session.basins = std::move(basins).value();
        session.basinsMessage = basinsText(session.basins);
      }
      return;
    case JobKind::Path:
      if (Result<PathAnswer> path = pathFrom(answer)) session.path = std::move(path).value();
      return;
    case JobKind::Experiment:
      if (Result<ExperimentResult> result = experimentFrom(answer))
        session.experiment = std::move(result).value();
      return;
  }
}

void Lab::State::carryOut(const Actions& actions) {
  if (actions.settings) change(*actions.settings, actions.newHistoryEntry, true);
  if (actions.togglePlay || actions.steps > 0) catchUp = 0;  // the reader takes over
  if (actions.togglePlay) play(!session.playing);
  if (actions.steps > 0) {
    session.playing = false;
    for (Run& run : session.runs) {
      train(run, actions.steps, session.projection);
      judge(run);
    }
    startPredictions();
  }
  if (actions.reset) {
    session.playing = false;
    use(Settings(session.settings));
  }
  if (actions.undo) back(done, undone);
  if (actions.redo) back(undone, done);
  if (actions.openFile) host.askForFile();
  if (actions.basins) {
    desk.stop(JobKind::Basins);
    desk.start(basinsRequest(session.dataset, session.runs.front().trainer.options()),
               "Locally optimal selections");
  }
  if (actions.path) startPath(*actions.path);
  if (actions.stopJob) desk.stop(*actions.stopJob);
  if (actions.runExperiment) startExperiment();
  if (!actions.copy.empty()) host.copyText(actions.copy);
  if (actions.save) host.saveFile(actions.save->name, actions.save->mime, actions.save->bytes);
  if (actions.toggleHelp) helpOpen = !helpOpen;
  if (actions.toggleWhy) whyOpen = !whyOpen;
  if (actions.toggleCommands) commands.open = !commands.open;
  if (actions.head && headOffer) chooseHead(*actions.head);
  if (actions.closeHeadOffer) headOffer.reset();
  if (sections.changed) {
    std::string flipped;
    for (const std::string& name : sections.flipped) flipped += name + ";";
    host.remember("sections", flipped);
    sections.changed = false;
  }
}

void Lab::State::keys(Actions& actions) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool command = io.KeyCtrl || io.KeySuper;
  if (command && ImGui::IsKeyPressed(ImGuiKey_K, false)) actions.toggleCommands = true;
  if (commands.open && ImGui::IsKeyPressed(ImGuiKey_Escape, false)) commands.open = false;
  if (io.WantTextInput || commands.open) return;
  // As characters: where / and ? are depends on the keyboard
  for (const ImWchar c : io.InputQueueCharacters) {
    if (c == '?') actions.toggleHelp = true;
    if (c == '/') actions.toggleCommands = true;
  }
  if (ImGui::IsKeyPressed(ImGuiKey_Space, false)) actions.togglePlay = true;
  if (ImGui::IsKeyPressed(ImGuiKey_RightArrow)) actions.steps = session.settings.stepsPerFrame;
  if (!command && ImGui::IsKeyPressed(ImGuiKey_R, false)) actions.reset = true;
  if (!command && ImGui::IsKeyPressed(ImGuiKey_W, false)) actions.toggleWhy = true;
  if (command && ImGui::IsKeyPressed(ImGuiKey_Z, false)) (io.KeyShift ? actions.redo : actions.undo) = true;
  if (command && ImGui::IsKeyPressed(ImGuiKey_Y, false)) actions.redo = true;
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
    helpOpen = false;
    whyOpen = false;
  }
}

void Lab::State::drawNotices() {
  for (std::size_t k = 0; k < notices.size(); ++k) {
    ImGui::PushID(static_cast<int>(k));
    ImGui::PushStyleColor(ImGuiCol_ChildBg, withAlpha(palette().warn, 0.15f));
    const float wrap = ImGui::GetContentRegionAvail().x - 90;
    const float height = ImGui::CalcTextSize(notices[k].c_str(), nullptr, false, wrap).y + 22;
    ImGui::BeginChild("notice", {0, height}, true, ImGuiWindowFlags_NoScrollbar);
    ImGui::PushTextWrapPos(wrap);
    ImGui::TextUnformatted(notices[k].c_str());
    ImGui::PopTextWrapPos();
    ImGui::SameLine(ImGui::GetWindowWidth() - 70);
    const bool closed = ImGui::SmallButton("close");
    ImGui::EndChild();
    ImGui::PopStyleColor();
    ImGui::PopID();
    if (closed) {
      notices.erase(notices.begin() + static_cast<std::ptrdiff_t>(k));
      return;
    }
  }
}

void Lab::State::drawOffer(Actions& actions) {
  if (!headOffer) return;
  ImGui::PushStyleColor(ImGuiCol_ChildBg, withAlpha(palette().accent, 0.1f));
  const float line = ImGui::GetFrameHeightWithSpacing();
  const float wrap = ImGui::GetContentRegionAvail().x - 28;
  const float height = wrap > 640 ? 2 * line : wrap > 420 ? 4 * line : 5 * line;
  ImGui::BeginChild("offer", {0, height + ImGui::GetTextLineHeight() + 30}, true,
                    ImGuiWindowFlags_NoScrollbar);
  drawHeadOffer(*headOffer, actions);
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

/// Between panel and plots: drags the width of the panel, which the browser remembers.
void Lab::State::drawSplitter() {
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  ImGui::SameLine(0, 0);
  ImGui::InvisibleButton("splitter", {gap, std::max(ImGui::GetContentRegionAvail().y, 1.0f)});
  tip("Drag to make the panel wider or narrower; double click for the usual width");
  const bool reset = ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
  if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    ImGui::GetWindowDrawList()->AddRectFilled({low.x + 2, low.y + 8}, {high.x - 2, high.y - 8},
                                              withAlpha(palette().accent, 0.6f), 2);
  }
  if (ImGui::IsItemActive()) {
    const float widest = std::min(kWidestPanel, 0.6f * ImGui::GetIO().DisplaySize.x);
    panelWidth = std::clamp(ImGui::GetIO().MousePos.x - 8.0f - 0.5f * gap, kNarrowestPanel, widest);
  }
  if (reset) panelWidth = kPanelWidth;
  if (reset || ImGui::IsItemDeactivated())
    host.remember("panel-width", std::to_string(static_cast<int>(panelWidth)));
  ImGui::SameLine(0, 0);
}

void Lab::State::drawPlot(PlotKind kind, ImVec2 size) {
  ViewState& view = views[kind];
  ImGui::PushID(static_cast<int>(kind));
  ImGui::BeginChild("card", size, true, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  if (size.y >= kTitledHeight) {
    ImGui::PushFont(titleFont());
    ImGui::TextUnformatted(plotTitle(kind));
    ImGui::PopFont();
    tip(plotHelp(kind));
    ImGui::SameLine();
    ImGui::TextDisabled("(?)");
    tip(plotHelp(kind));
  }
  const ImVec2 room = ImGui::GetContentRegionAvail();
  std::optional<Edit> edit;
  switch (kind) {
    case PlotKind::Geometry: edit = drawGeometry(session, view, highlight, room); break;
    case PlotKind::Convergence: drawConvergence(session, view, room); break;
    case PlotKind::LossAndNorm: drawLossAndNorm(session, view, room); break;
    case PlotKind::Attention: drawAttention(session, view, highlight, room); break;
    case PlotKind::SingularValues: drawSingularValues(session, view, room); break;
    case PlotKind::Margins: drawMargins(session, view, highlight, room); break;
    case PlotKind::Certificate: drawCertificate(session, view, highlight, room); break;
    case PlotKind::Scores: drawScores(session, view, highlight, room); break;
    case PlotKind::Images: drawImages(session, view, room); break;
    case PlotKind::Path: drawPath(session, view, room); break;
    case PlotKind::Experiment: drawExperiment(session, view, room); break;
  }
  ImGui::EndChild();
  ImGui::PopID();
  if (view.plot.csvReady) {
    host.saveFile(std::string(plotName(kind)) + ".csv", "text/csv", view.plot.csv);
    view.plot.csv.clear();
    view.plot.csvReady = false;
  }
  if (view.plot.pictureReady) {
    view.plot.pictureReady = false;
    const ImVec2 low = view.plot.areaMin, high = view.plot.areaMax;
    host.savePicture(std::string(plotName(kind)) + ".png", {low.x, low.y, high.x - low.x, high.y - low.y});
  }
  if (edit) applyEdit(*edit);
}

/// Below each other, as wide as the screen.
void Lab::State::drawPhonePlots(const std::vector<PlotKind>& plots, std::size_t from, std::size_t to) {
  const float width = ImGui::GetContentRegionAvail().x;
  for (std::size_t k = from; k < std::min(to, plots.size()); ++k) {
    // An experiment is two plots and a note.
    const float height = plots[k] == PlotKind::Experiment ? 1.7f * width : 0.92f * width;
    drawPlot(plots[k], {width, std::min(height, plots[k] == PlotKind::Experiment ? 640.0f : 420.0f)});
  }
}

void Lab::State::drawPlots(ImVec2 size) {
  const std::vector<PlotKind> plots = plotsShown();
  const int count = static_cast<int>(plots.size());
  const bool wide = size.x > 1.1f * size.y;
  const int columns = count == 1 ? 1 : count == 2 ? (wide ? 2 : 1) : count <= 4 ? 2 : 3;
  const int lines = (count + columns - 1) / columns;
  const float gap = ImGui::GetStyle().ItemSpacing.y * static_cast<float>(lines - 1);
  drawGrid(plots, columns, lines, {size.x, std::max(size.y, 190.0f * static_cast<float>(lines) + gap)});
}

/// Line by line, filling `size`.
void Lab::State::drawGrid(const std::vector<PlotKind>& plots, int columns, int lines, ImVec2 size) {
  const ImVec2 gap = ImGui::GetStyle().ItemSpacing;
  const int count = static_cast<int>(plots.size());
  // The first plot is the one that tells the story: it is larger where there is room.
  const float first = columns == 2 ? 0.54f : 1.0f / static_cast<float>(columns);
  const float height = (size.y - gap.y * static_cast<float>(lines - 1)) / static_cast<float>(lines);
  for (int k = 0; k < count; ++k) {
    const int column = k % columns;
    const float share = columns == 2 ? (column == 0 ? first : 1.0f - first) : first;
    const bool last = column == columns - 1 || k == count - 1;
    float width = (size.x - gap.x * static_cast<float>(columns - 1)) * share;
    if (k == count - 1 && column == 0 && columns > 1) width = size.x;
    if (last) width = ImGui::GetContentRegionAvail().x;
    drawPlot(plots[static_cast<std::size_t>(k)], {width, height});
    if (!last) ImGui::SameLine();
  }
}

void Lab::State::drawDesktop(Actions& actions) {
  ImGui::BeginChild("panel", {panelWidth, 0}, true);
  drawStory(session, actions);
  ImGui::Separator();
  drawTransport(session, actions);
  drawRunTable(session);
  drawControls(session, sections, !done.empty(), !undone.empty(), actions);
  ImGui::EndChild();
  drawSplitter();
  ImGui::BeginGroup();
  drawNotices();
  drawJobs(session, actions);
  drawOffer(actions);
  const float wrap = ImGui::GetContentRegionAvail().x - 30;
  const std::string words = sentence();
  ImGui::PushFont(titleFont());
  const float text = ImGui::CalcTextSize(words.c_str(), nullptr, false, wrap).y;
  ImGui::PopFont();
  const float stalled = session.runs.front().trainer.stalled() ? ImGui::GetTextLineHeightWithSpacing() : 0.0f;
  ImGui::BeginChild("verdict", {0, text + 50 + stalled}, true, ImGuiWindowFlags_NoScrollbar);
  drawSentence(actions);
  ImGui::EndChild();
  drawPlots(ImGui::GetContentRegionAvail());
  ImGui::EndGroup();
}

/// One line: what moves time, why, the next plots, and figures as far as there is room for them.
void Lab::State::drawCompactRow(const PlotGrid& grid, int count, Actions& actions) {
  const auto next = [](float width) {
    ImGui::SameLine();
    return ImGui::GetContentRegionAvail().x >= width;
  };
  drawPlayControls(session, actions);
  if (next(40) && !showsExperiment(session.settings) && button("why?", "The check behind each claim (w)"))
    actions.toggleWhy = true;
  if (grid.shown < count && next(54)) {
    const std::string label = std::to_string(firstPlot + 1) + "/" + std::to_string(count) + " ▶###next";
    if (button(label.c_str(), "Shows the next plot")) firstPlot = (firstPlot + grid.shown) % count;
  }
  const std::string figures = figuresText(session);
  if (!next(ImGui::CalcTextSize(figures.c_str()).x)) return ImGui::NewLine();
  ImGui::AlignTextToFramePadding();
  ImGui::TextDisabled("%s", figures.c_str());
}

/// The plots that fit, the verdict below them, nothing cut off.
void Lab::State::drawCompact(Actions& actions) {
  constexpr ImVec2 kLeast = {270, 190};                       // what can be read, where there is a choice
  constexpr float kLeastPlot = 180.0f, kLowestPlot = 126.0f;  // before, and after the verdict is shortened
  const bool row = session.settings.panel == Panel::Compact;
  const float gap = ImGui::GetStyle().ItemSpacing.y;
  drawNotices();
  if (ImGui::GetContentRegionAvail().y > 360) drawJobs(session, actions);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float rest = room.y - gap - (row ? ImGui::GetFrameHeightWithSpacing() : 0.0f);

  ImGui::PushFont(rest > 300 ? titleFont() : regularFont());
  const std::string whole =
      sentence() + (session.runs.front().trainer.stalled() ? std::string(" ") + kStalled : "");
  const float full = ImGui::CalcTextSize(whole.c_str(), nullptr, false, room.x).y;
  const float most =
      std::max(rest - (rest - full >= kLeastPlot ? kLeastPlot : kLowestPlot), ImGui::GetTextLineHeight());
  const std::string text = leadingClauses(whole, room.x, most);
  const float words = ImGui::CalcTextSize(text.c_str(), nullptr, false, room.x).y;
  ImGui::PopFont();

  const std::vector<PlotKind> plots = plotsShown();
  const int count = static_cast<int>(plots.size());
  const ImVec2 left = {room.x, rest - words};
  const PlotGrid grid = plotGrid(left, gap, count, kLeast);
  firstPlot = grid.shown == count ? 0 : firstPlot % count;
  if (row) drawCompactRow(grid, count, actions);
  std::vector<PlotKind> shown;
  for (int k = 0; k < grid.shown; ++k)
    shown.push_back(plots[static_cast<std::size_t>((firstPlot + k) % count)]);
  drawGrid(shown, grid.columns, grid.lines, left);

  ImGui::PushFont(rest > 300 ? titleFont() : regularFont());
  ImGui::PushTextWrapPos(0.0f);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopFont();
  if (text != whole) tip(whole.c_str());
}

void Lab::State::drawPhone(Actions& actions) {
  drawNotices();
  drawJobs(session, actions);
  drawOffer(actions);
  drawSentence(actions);
  drawTransport(session, actions);
  drawRunTable(session);
  // The story beside the picture that shows it, the other plots below
  const std::vector<PlotKind> plots = plotsShown();
  drawPhonePlots(plots, 0, 1);
  drawStory(session, actions);
  drawPhonePlots(plots, 1, plots.size());
  drawControls(session, sections, !done.empty(), !undone.empty(), actions);
}

Lab::Lab(Host& host, const std::string& address) : state_(std::make_unique<State>(host)) {
  State& s = *state_;
  std::vector<std::string> notices;
  const Settings settings = settingsFromAddress(address, notices);
  std::string problem = s.use(settings);
  if (!problem.empty()) {
    notices.push_back(problem);
    problem = s.use(scenarioSettings(settings.scenario));
  }
  for (const std::string& notice : notices) s.notice(notice);
  s.session.playing = settings.autoplay && !s.reducedMotion;
  const float width = std::strtof(host.remembered("panel-width").c_str(), nullptr);
  if (width >= kNarrowestPanel && width <= kWidestPanel) s.panelWidth = width;
  std::string name;
  for (const char c : host.remembered("sections")) {
    if (c != ';') {
      name.push_back(c);
      continue;
    }
    s.sections.flipped.insert(name);
    name.clear();
  }
}

Lab::~Lab() = default;

void Lab::frame(double budget) {
  State& s = *state_;
  const double start = s.host.seconds();
  const bool dark =
      s.session.settings.theme == Theme::Dark || (s.session.settings.theme == Theme::Auto && s.darkSystem);
  if (!s.styleApplied || dark != s.dark) {
    applyStyle(dark);
    s.dark = dark;
    s.styleApplied = true;
  }
  const bool training = s.session.playing && !showsExperiment(s.session.settings);
  if (showsExperiment(s.session.settings)) s.session.playing = s.desk.busy(JobKind::Experiment);
  if (s.catchUp > 0)
    s.trainBack(budget);
  else if (training)
    s.trainFor(budget);
  s.solveBest();
  s.keepDragged();
  s.session.jobs = s.desk.views();
  s.idleFrames = training || s.catchUp > 0 ? 0 : s.idleFrames + 1;
  s.highlight.nextFrame();

  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(screen);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {8, 8});
  ImGui::Begin("lab", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus |
                   (screen.x < kPhoneWidth ? 0 : ImGuiWindowFlags_NoScrollWithMouse));
  ImGui::PopStyleVar(3);
  Actions actions;
  s.keys(actions);
  if (s.session.settings.panel != Panel::Full)
    s.drawCompact(actions);
  else if (screen.x < kPhoneWidth)
    s.drawPhone(actions);
  else
    s.drawDesktop(actions);
  ImGui::End();

  if (s.helpOpen) drawHelp(s.helpOpen);
  if (s.whyOpen) {
    ImGui::SetNextWindowSize({std::min(520.0f, screen.x - 20), std::min(560.0f, screen.y - 20)},
                             ImGuiCond_Appearing);
    ImGui::SetNextWindowPos({screen.x - 12, 12}, ImGuiCond_Appearing, {1, 0});
    if (ImGui::Begin("Why?", &s.whyOpen, ImGuiWindowFlags_NoCollapse)) drawWhy(s.session);
    ImGui::End();
  }
  if (s.commands.open) drawCommands(s.session, s.commands, actions);
  s.carryOut(actions);
  s.tellThePage();
  s.frameSeconds = s.host.seconds() - start;
}

bool Lab::wantsFrame() const {
  const Session& session = state_->session;  // a job says itself when there is something new to draw
  return (session.playing && !showsExperiment(session.settings)) || state_->catchUp > 0 ||
         state_->idleFrames < 3;
}

void Lab::play() { state_->play(true); }
void Lab::pause() { state_->play(false); }
bool Lab::playing() const { return state_->session.playing; }

void Lab::step(int count) {
  Actions actions;
  actions.steps = count;
  state_->carryOut(actions);
  state_->idleFrames = 0;
  state_->tellThePage();
}

void Lab::reset() {
  Actions actions;
  actions.reset = true;
  state_->carryOut(actions);
}

std::string Lab::state() const {
  json::Object object{{"v", kAddressVersion}, {"scenario", state_->session.settings.scenario}};
  for (const Field& field : allFields(state_->session.settings))
    object.emplace_back(field.first, field.second);
  return json::write(object);
}

std::vector<std::string> Lab::load(const std::string& stateJson) {
  const Result<json::Value> parsed = json::parse(stateJson);
  std::vector<std::string> notices;
  if (!parsed || parsed.value().object() == nullptr) {
    notices.push_back("A state is a JSON object of settings" +
                      (parsed ? std::string(".") : ": " + parsed.error() + "."));
    state_->notice(notices.back());
    return notices;
  }
  std::vector<Field> fields;
  for (const json::Member& member : *parsed.value().object()) {
    const json::Value& value = member.second;
    if (const std::string* text = value.string())
      fields.emplace_back(member.first, *text);
    else if (value.number() != nullptr || value.boolean() != nullptr)
      fields.emplace_back(member.first, json::write(value));
    else
      notices.push_back("Setting \"" + member.first +
                        "\" was left out: expected a string, number, true or false.");
  }
  for (std::string& notice : loadAddress(joinFields(fields))) notices.push_back(std::move(notice));
  return notices;
}

std::vector<std::string> Lab::loadAddress(const std::string& fragment) {
  State& s = *state_;
  std::vector<std::string> notices;
  const Settings settings = settingsFromAddress(fragment, notices);
  if (onlyLooksDiffer(s.session.settings, settings)) {
    s.session.settings = settings;
  } else if (const std::string problem = s.use(settings); !problem.empty()) {
    notices.push_back(problem);
  } else if (settings.autoplay) {
    s.session.playing = true;
  } else {
    s.session.playing = false;
  }
  s.notices.clear();
  for (const std::string& notice : notices) s.notice(notice);
  s.idleFrames = 0;
  return notices;
}

std::string Lab::address() const { return addressOf(state_->session.settings); }

std::string Lab::metrics() const {
  const Run& run = state_->session.runs.front();
  json::Object correlations;
  for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
    const SvmSolution* svm = run.prediction.in(norm.kind);
    correlations.emplace_back(infoOf(norm).id,
                              svm != nullptr && svm->feasible
                                  ? json::Value(1.0 - oneMinusCorrelation(run.trainer.W(), svm->W))
                                  : json::Value());
  }
  return json::write(json::Object{
      {"iteration", static_cast<double>(run.trainer.iteration())},
      {"loss", run.trainer.loss()},
      {"norm", run.trainer.W().norm()},
      {"correlation", correlations},
      {"selected", tokensJson(run.verdict.selected)},
      {"verdict", run.verdict.sentence},
      {"locallyOptimal", run.verdict.locallyOptimal},
      {"global", run.verdict.global},
      {"feasible", run.verdict.feasible},
      {"angle", run.verdict.angleDegrees},
      {"runs", static_cast<double>(state_->session.runs.size())},
      {"playing", state_->session.playing},
      {"jobs", static_cast<double>(state_->desk.views().size())},
      {"experiment",
       state_->session.experiment ? json::Value(state_->session.experiment->progress) : json::Value()},
      {"frameMilliseconds", 1000.0 * state_->frameSeconds}});
}

std::string Lab::description() const {
  const Session& session = state_->session;
  const std::string title = findScenario(session.settings.scenario)->title;
  if (showsExperiment(session.settings))
    return title + ". " + (session.playing ? "Running. " : "") + state_->sentence();
  return title + ". " + (session.playing ? "Training" : "Paused") + " at iteration " +
         std::to_string(session.runs.front().trainer.iteration()) + ". " + state_->sentence();
}

std::string Lab::verdict() const { return state_->sentence(); }

/// The data takes the place of the present one; a start written for that does not fit it.
Result<std::string> Lab::State::openDataset(const std::string& name, const Dataset& dataset) {
  const std::string text = toJson(dataset);
  const std::string hash = hashOf(text);
  files[hash] = text;
  const Settings before = session.settings;
  Settings next = before;
  next.source = DataSource::File;
  next.fileHash = hash;
  next.fileName = name;
  next.training.W0.reset();
  next.training.K0.reset();
  next.training.Q0.reset();
  if (const std::string problem = use(next); !problem.empty()) return Error{problem};
  done.push_back(before);
  undone.clear();
  notices.clear();
  host.keepDataset(hash, text);
  host.addressChanged(addressOf(session.settings), true);
  return hash;
}

Result<std::string> Lab::State::openSession(const std::string& name, const std::string& text) {
  const Result<SessionFile> file = parseSession(text);
  if (!file) return Error{file.error()};
  std::vector<std::string> problems;
  Settings next = settingsFromAddress(file.value().address, problems);
  // What the address makes of itself may have changed since: the data in the file is what counts.
  const std::string data = toJson(file.value().dataset);
  const std::string hash = hashOf(data);
  files[hash] = data;
  const Result<Dataset> named = datasetFor(next);
  if (next.source == DataSource::File || !named || toJson(named.value()) != data) {
    if (next.fileName.empty()) next.fileName = name;
    next.source = DataSource::File;
    next.fileHash = hash;
  }
  const Settings before = session.settings;
  if (const std::string problem = use(next); !problem.empty()) return Error{problem};
  done.push_back(before);
  undone.clear();
  notices = problems;
  session.playing = false;
  catchUp = file.value().iteration;
  if (next.source == DataSource::File) host.keepDataset(hash, data);
  host.addressChanged(addressOf(session.settings), true);
  return hash;
}

Result<std::string> Lab::openFile(const std::string& name, const std::string& bytes) {
  State& s = *state_;
  s.idleFrames = 0;
  const auto refused = [&](const std::string& problem) {
    s.notice(name + " was not opened: " + problem + ". Everything is as it was.");
    return Error{problem};
  };
  if (isSession(bytes)) {
    Result<std::string> opened = s.openSession(name, bytes);
    return opened ? opened : refused(opened.error());
  }
  Result<Imported> imported = importDataset(name, bytes);
  if (!imported) return refused(imported.error());
  Dataset& dataset = imported.value().dataset;
  if (dataset.name.empty()) dataset.name = name;
  if (!imported.value().hasHead) dataset.head = LinearHead{headFrom(HeadChoice::Fitted, dataset)};
  Result<std::string> opened = s.openDataset(name, dataset);
  if (!opened) return refused(opened.error());
  s.headOffer.reset();
  if (!imported.value().hasHead) s.headOffer = HeadOffer{name, HeadChoice::Fitted};
  return opened;
}

void Lab::jobAnswered(int id, double progress, bool finished, const std::string& answer,
                      const std::string& error) {
  State& s = *state_;
  const std::optional<JobDesk::Running> job = s.desk.answered(id, progress, finished || !error.empty());
  if (!job) return;
  if (!error.empty())
    s.notice(job->view.title + " came to no end: " + error + ".");
  else if (!answer.empty())
    s.takeAnswer(*job, answer);
  s.idleFrames = 0;
}

void Lab::datasetFound(const std::string& hash, const std::string& json) {
  if (!parseDataset(json)) return;
  state_->files[hash] = json;
}

void Lab::setDarkSystem(bool dark) {
  state_->darkSystem = dark;
  state_->idleFrames = 0;
}

void Lab::setReducedMotion(bool reduced) {
  state_->reducedMotion = reduced;
  if (reduced) state_->session.playing = false;
}

const Session& Lab::session() const { return state_->session; }

}  // namespace attention_svm::shell
