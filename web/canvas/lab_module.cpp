// SPDX-License-Identifier: MIT
// lab.mjs: one lab on one canvas. The page (web/src/lab.js) calls the methods bound here and gives the
// host object whose functions carry out what the lab asks of its surroundings.
#include <emscripten.h>
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstdint>
#include <memory>

#include "attention_svm/json.h"
#include "canvas.h"
#include "lab.h"
#include "scenarios.h"

namespace attention_svm::web {

using emscripten::val;

namespace {

constexpr double kTrainingBudget = 0.006;  // seconds of a frame

/// A view of the memory: who is called copies what it keeps.
val bytesOf(const std::string& bytes) {
  return val(
      emscripten::typed_memory_view(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data())));
}

/// JavaScript's bytes, all at once; embind would fetch them one by one.
std::string stringOf(const val& bytes) {
  std::string result(bytes["length"].as<std::size_t>(), '\0');
  bytesOf(result).call<void>("set", bytes);
  return result;
}

class BrowserHost : public shell::Host {
 public:
  explicit BrowserHost(val host) : host_(std::move(host)) {}

  [[nodiscard]] double seconds() const override { return emscripten_get_now() / 1000.0; }
  void copyText(const std::string& text) override { host_.call<void>("copyText", text); }
  void saveFile(const std::string& name, const std::string& mime, const std::string& bytes) override {
    host_.call<void>("saveFile", name, mime, bytes);
  }
  void savePicture(const std::string& name, const shell::ScreenRect& area) override {
    host_.call<void>("savePicture", name, area.x, area.y, area.width, area.height);
  }
  void askForFile() override { host_.call<void>("askForFile"); }
  void addressChanged(const std::string& fragment, bool push) override {
    host_.call<void>("addressChanged", fragment, push);
  }
  void notify(const std::string& event) override { host_.call<void>("notify", event); }
  void startJob(int id, const std::string& request) override {
    host_.call<void>("startJob", id, bytesOf(request));
  }
  void stopJob(int id) override { host_.call<void>("stopJob", id); }
  void remember(const std::string& key, const std::string& value) override {
    host_.call<void>("remember", key, value);
  }
  [[nodiscard]] std::string remembered(const std::string& key) const override {
    return host_.call<std::string>("remembered", key);
  }
  void keepDataset(const std::string& hash, const std::string& bytes) override {
    host_.call<void>("keepDataset", hash, bytesOf(bytes));
  }
  [[nodiscard]] std::optional<Result<shell::ImportAnswer>> readAtOnce(const std::string&, const std::string&,
                                                                      const Budget&) const override {
    return std::nullopt;
  }
  void fileOpened(const std::string& problem) override { host_.call<void>("fileOpened", problem); }

 private:
  val host_;
};

std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& line : all) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

class LabModule {
 public:
  LabModule(val host, const std::string& address, float width, float height, float pixelRatio)
      : host_(std::move(host)), canvas_("!canvas") {
    if (!canvas_.ready()) return;
    canvas_.resize(width, height, pixelRatio);
    lab_ = std::make_unique<shell::Lab>(host_, address);
  }

  bool ready() const { return lab_ != nullptr; }
  void resize(float width, float height, float pixelRatio) { canvas_.resize(width, height, pixelRatio); }
  void contextLost() { canvas_.contextLost(); }
  void contextRestored() { canvas_.contextRestored(); }

  /// Draws one frame; false when the page may sleep until the next input.
  bool frame() {
    canvas_.beginFrame(host_.seconds());
    lab_->frame(kTrainingBudget);
    canvas_.endFrame();
    return lab_->wantsFrame() || canvas_.settling();
  }
  void wake() { canvas_.wake(); }

  void play() { lab_->play(); }
  void pause() { lab_->pause(); }
  void step(int count) { lab_->step(count); }
  void seek(int iteration) { lab_->seek(iteration); }
  void reset() { lab_->reset(); }
  bool playing() const { return lab_->playing(); }
  std::string state() const { return lab_->state(); }
  std::string load(const std::string& json) { return lines(lab_->load(json)); }
  std::string loadAddress(const std::string& fragment) { return lines(lab_->loadAddress(fragment)); }
  std::string takeNotices() { return lines(lab_->takeNotices()); }
  std::string address() const { return lab_->address(); }
  std::string metrics() const { return lab_->metrics(); }
  std::string description() const { return lab_->description(); }
  /// Empty when the file was opened, else why not.
  std::string openFile(const std::string& name, val bytes) {
    const Result<std::string> opened = lab_->openFile(name, stringOf(bytes));
    return opened ? std::string() : opened.error();
  }
  bool opening() const { return lab_->opening(); }
  std::string keepsake() const { return lab_->keepsake(); }
  std::string restore(const std::string& kept) { return lab_->restore(kept); }
  void tell(const std::string& sentence) { lab_->tell(sentence); }
  void datasetFound(const std::string& hash, val bytes) { lab_->datasetFound(hash, stringOf(bytes)); }
  void jobAnswered(int id, double progress, bool finished, val answer, const std::string& error) {
    lab_->jobAnswered(id, progress, finished, stringOf(answer), error);
  }
  void setDarkSystem(bool dark) { lab_->setDarkSystem(dark); }
  void setPageHasControls(bool has) { lab_->setPageHasControls(has); }
  void setReducedMotion(bool reduced) { lab_->setReducedMotion(reduced); }
  /// [[id, title], ...] as JSON.
  std::string scenarios() const {
    json::Array all;
    for (const shell::Scenario& scenario : shell::scenarios())
      all.push_back(json::Array{scenario.id, scenario.title});
    return json::write(all);
  }
  void typeText(const std::string& text) { ImGui::GetIO().AddInputCharactersUTF8(text.c_str()); }
  bool wantsText() const { return ImGui::GetIO().WantTextInput; }

 private:
  BrowserHost host_;
  Canvas canvas_;
  std::unique_ptr<shell::Lab> lab_;
};

EMSCRIPTEN_BINDINGS(attention_svm_lab) {
  emscripten::class_<LabModule>("Lab")
      .constructor<val, std::string, float, float, float>()
      .function("ready", &LabModule::ready)
      .function("resize", &LabModule::resize)
      .function("contextLost", &LabModule::contextLost)
      .function("contextRestored", &LabModule::contextRestored)
      .function("frame", &LabModule::frame)
      .function("wake", &LabModule::wake)
      .function("play", &LabModule::play)
      .function("pause", &LabModule::pause)
      .function("step", &LabModule::step)
      .function("seek", &LabModule::seek)
      .function("reset", &LabModule::reset)
      .function("playing", &LabModule::playing)
      .function("state", &LabModule::state)
      .function("load", &LabModule::load)
      .function("loadAddress", &LabModule::loadAddress)
      .function("takeNotices", &LabModule::takeNotices)
      .function("address", &LabModule::address)
      .function("metrics", &LabModule::metrics)
      .function("description", &LabModule::description)
      .function("openFile", &LabModule::openFile)
      .function("opening", &LabModule::opening)
      .function("keepsake", &LabModule::keepsake)
      .function("restore", &LabModule::restore)
      .function("tell", &LabModule::tell)
      .function("datasetFound", &LabModule::datasetFound)
      .function("jobAnswered", &LabModule::jobAnswered)
      .function("setDarkSystem", &LabModule::setDarkSystem)
      .function("setPageHasControls", &LabModule::setPageHasControls)
      .function("setReducedMotion", &LabModule::setReducedMotion)
      .function("scenarios", &LabModule::scenarios)
      .function("typeText", &LabModule::typeText)
      .function("wantsText", &LabModule::wantsText);
}

}  // namespace attention_svm::web
