// SPDX-License-Identifier: MIT
#include "lab.h"

#include <imgui.h>

#include "attention_svm/json.h"
#include "document/document.h"
#include "jobs/pace.h"
#include "jobs/work.h"
#include "keepsake.h"
#include "layout/layout.h"
#include "metrics.h"
#include "scenarios.h"
#include "settings/address.h"
#include "style.h"

namespace attention_svm::shell {

namespace {

Settings readAddress(const std::string& address, Notices& notices) {
  std::vector<std::string> problems;
  const Settings settings = settingsFromAddress(address, problems);
  for (const std::string& problem : problems) notices.add(problem);
  return settings;
}

}  // namespace

struct Lab::State {
  State(Host& given, const std::string& address)
      : host(given),
        work(given),
        document(given, work, screen.notices, readAddress(address, screen.notices)) {}

  Host& host;
  Screen screen;
  Work work;
  Document document;
  Pace pace;
  bool darkSystem = false;
  std::optional<bool> dark;  ///< of the style in force
  int idleFrames = 0;
  int versionTold = -1, versionSeen = -1, noticesSeen = 0;
  double frameSeconds = 0.0, lastNotify = -1.0;
  double leadTold = -1.0;  ///< iteration of the change of lead that was seen last

  [[nodiscard]] const Session& session() const { return document.session(); }
  /// A picture that is not on screen yet.
  [[nodiscard]] bool news() const {
    return versionSeen != document.version() || noticesSeen != screen.notices.told;
  }

  void style() {
    const Theme theme = session().settings.theme;
    const bool now = theme == Theme::Dark || (theme == Theme::Auto && darkSystem);
    if (dark == now) return;
    applyStyle(now);
    dark = now;
  }

  /// Time passes: training, or catching up with an opened session. True when something moved.
  bool advance(double budget) {
    Session& s = document.running();
    const bool training = s.playing && !showsExperiment(s.settings);
    if (showsExperiment(s.settings)) s.playing = work.busy(JobKind::Experiment);
    const bool catchingUp = document.catchUp() > 0;
    if (catchingUp && !trainBack(s, host, budget, document.catchUp())) document.caughtUp();
    if (!catchingUp && training) {
      trainFor(s, host, budget,
               pace.due(host.seconds(), s.settings.stepsPerFrame, s.runs[0].trainer.iteration()));
      work.predict(s);
    }
    if (!training) pace.rest();
    return training || document.catchUp() > 0;
  }

  /// Where the page is about an experiment, that is what plays.
  void play(bool on) {
    Session& s = document.running();
    s.playing = on;
    if (!showsExperiment(s.settings)) return;
    if (on)
      work.runExperiment(s);
    else
      work.stop(JobKind::Experiment);
  }

  void reset() {
    if (showsExperiment(session().settings)) work.forgetExperiment(document.running());
    document.reset();
  }

  void step(int count) {
    document.running().playing = false;
    trainBy(document.running(), count);
    work.predict(document.running());
  }

  void seek(long iteration) {
    document.caughtUp();
    Session& s = document.running();
    s.playing = false;
    for (Run& run : s.runs) shell::seek(run, iteration, s.projection);
    work.predict(s);
  }

  void carryOut(const Actions& actions) {
    if (actions.settings) document.change(*actions.settings, actions.newHistoryEntry, true);
    if (actions.edit) document.apply(*actions.edit);
    if (actions.togglePlay || actions.steps > 0) document.caughtUp();  // the reader takes over
    if (actions.togglePlay) play(!session().playing);
    if (actions.steps > 0) step(actions.steps);
    if (actions.seek) seek(*actions.seek);
    if (actions.reset) reset();
    if (actions.undo) document.undo();
    if (actions.redo) document.redo();
    if (actions.head) document.chooseHead(*actions.head);
    if (actions.closeHeadOffer) document.closeHeadOffer();
    if (actions.basins) work.findBasins(session());
    if (actions.path) work.followPath(document.running(), *actions.path);
    if (actions.stopJob) work.stop(*actions.stopJob);
    if (actions.runExperiment) work.runExperiment(document.running());
    carryOutside(actions);
  }

  /// What concerns the surroundings and the windows, not the document.
  void carryOutside(const Actions& actions) {
    if (actions.openFile) host.askForFile();
    if (!actions.copy.empty()) host.copyText(actions.copy);
    if (actions.save) host.saveFile(actions.save->name, actions.save->mime, actions.save->bytes);
    if (actions.toggleHelp) screen.helpOpen = !screen.helpOpen;
    if (actions.toggleWhy) screen.whyOpen = !screen.whyOpen;
    if (actions.toggleCommands) screen.commands.open = !screen.commands.open;
    if (!screen.sections.changed) return;
    std::string flipped;
    for (const std::string& name : screen.sections.flipped) flipped += name + ";";
    host.remember("sections", flipped);
    screen.sections.changed = false;
  }

  void tellThePage() {
    const Run& run = session().runs.front();
    // What was told of tokens that lead no more is no longer true
    const double changed = run.leadChange ? run.leadChange->iteration : -1;
    if (changed > leadTold) versionTold = -1;
    leadTold = changed;
    if (run.verdict.saturated && versionTold != document.version()) {
      versionTold = document.version();
      host.notify("verdict");
    }
    if (session().playing && host.seconds() - lastNotify > 0.2) {
      lastNotify = host.seconds();
      host.notify("progress");
    }
  }
};

Lab::Lab(Host& host, const std::string& address) : state_(std::make_unique<State>(host, address)) {
  Session& session = state_->document.running();
  session.playing = session.settings.autoplay;
  recallScreen(state_->screen, host);
}

Lab::~Lab() = default;

void Lab::frame(double budget) {
  State& s = *state_;
  const double start = s.host.seconds();
  s.style();
  const bool moved = s.advance(budget) || s.news();
  s.idleFrames = moved ? 0 : s.idleFrames + 1;
  s.versionSeen = s.document.version();
  s.noticesSeen = s.screen.notices.told;
  s.document.solveBest(s.screen.whyOpen);
  s.work.mapBasins(s.document.running());
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) s.document.keepDragged();
  s.document.running().jobs = s.work.views();

  Actions actions;
  const History& history = s.document.history();
  drawLab(
      {s.session(), s.document.headOffer(), history.canUndo(), history.canRedo(), s.screen, s.host, actions});
  s.carryOut(actions);
  s.tellThePage();
  s.frameSeconds = s.host.seconds() - start;
}

bool Lab::wantsFrame() const {
  const Session& session = state_->session();  // a job says itself when there is something new to draw
  return (session.playing && !showsExperiment(session.settings)) || state_->document.catchUp() > 0 ||
         state_->idleFrames < 3 || state_->news();
}

void Lab::play() { state_->play(true); }
void Lab::pause() { state_->play(false); }
bool Lab::playing() const { return state_->session().playing; }

void Lab::step(int count) {
  if (count > 0) {
    state_->document.caughtUp();
    state_->step(count);
  }
  state_->idleFrames = 0;
  state_->tellThePage();
}

void Lab::seek(long iteration) {
  state_->seek(iteration);
  state_->idleFrames = 0;
}

void Lab::reset() { state_->reset(); }

std::string Lab::state() const { return stateJson(state_->session().settings); }

std::vector<std::string> Lab::load(const std::string& state) {
  std::vector<std::string> notices;
  const std::optional<std::string> fields = fieldsFromState(state, notices);
  if (!fields) {
    state_->screen.notices.add(notices.back());
    return notices;
  }
  for (std::string& notice : loadAddress(*fields)) notices.push_back(std::move(notice));
  return notices;
}

std::vector<std::string> Lab::loadAddress(const std::string& fragment) {
  std::vector<std::string> notices;
  const Settings settings = settingsFromAddress(fragment, notices);
  if (const std::string problem = state_->document.load(settings); !problem.empty())
    notices.push_back(problem);
  state_->screen.notices.replace(notices);
  state_->idleFrames = 0;
  return notices;
}

std::vector<std::string> Lab::takeNotices() { return state_->screen.notices.take(); }

std::string Lab::address() const { return addressOf(state_->session().settings); }

std::string Lab::metrics() const {
  return metricsJson(state_->session(), state_->work.views().size(), state_->frameSeconds);
}

std::string Lab::description() const { return describe(state_->session()); }
std::string Lab::verdict() const { return sentenceOf(state_->session()); }

Result<std::string> Lab::openFile(const std::string& name, const std::string& bytes) {
  state_->idleFrames = 0;
  return state_->document.open(name, bytes);
}

bool Lab::opening() const { return state_->work.busy(JobKind::Import); }

std::string Lab::keepsake() const {
  const Session& session = state_->session();
  const History& history = state_->document.history();
  const long iteration = std::max(session.runs.front().trainer.iteration(), state_->document.catchUp());
  return keepsakeText(
      {addressOf(session.settings), session.settings.fileName, iteration, session.playing, history});
}

std::string Lab::restore(const std::string& text) {
  const Result<Keepsake> kept = keepsakeFrom(text);
  if (!kept) return kept.error();
  std::vector<std::string> problems;
  Settings settings = settingsFromAddress(kept.value().address, problems);
  settings.fileName = kept.value().fileName;
  if (std::string problem = state_->document.load(settings); !problem.empty()) return problem;
  state_->document.recall(kept.value().history);
  state_->document.catchUpTo(kept.value().iteration);
  state_->document.running().playing = kept.value().playing;
  state_->idleFrames = 0;
  return {};
}

void Lab::tell(const std::string& sentence) {
  state_->screen.notices.add(sentence);
  state_->idleFrames = 0;
}

void Lab::jobAnswered(int id, double progress, bool finished, const std::string& answer,
                      const std::string& error) {
  const std::string failure =
      state_->work.take(state_->document.running(), id, progress, finished, answer, error);
  if (!failure.empty()) state_->screen.notices.add(failure);
  if (std::optional<Work::ReadFile> file = state_->work.takeFile()) {
    const Result<std::string> opened = state_->document.opened(file->name, std::move(file->answer));
    state_->host.fileOpened(opened ? std::string() : opened.error());
  }
  state_->idleFrames = 0;
}

void Lab::datasetFound(const std::string& hash, const std::string& json) {
  state_->document.found(hash, json);
}

void Lab::setDarkSystem(bool dark) {
  state_->darkSystem = dark;
  state_->idleFrames = 0;
}

void Lab::setReducedMotion(bool reduced) {
  if (reduced) state_->document.running().playing = false;
}

void Lab::setPageHasControls(bool has) { state_->screen.pageHasControls = has; }

const Session& Lab::session() const { return state_->session(); }

}  // namespace attention_svm::shell
