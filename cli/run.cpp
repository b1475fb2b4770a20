// SPDX-License-Identifier: MIT
#include "run.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "files.h"
#include "progress.h"

namespace attention_svm::cli {

namespace fs = std::filesystem;

namespace {

volatile std::sig_atomic_t stopping = 0;

RunEnd failed(const std::string& sentence) {
  std::fprintf(stderr, "attention-svm: %s\n", sentence.c_str());
  return RunEnd::Failed;
}

/// Takes lines in any order and writes them in theirs.
class OrderedLines {
 public:
  OrderedLines(const fs::path& path, long next)
      : file_(path, std::ios::binary | std::ios::app), next_(next) {}

  void put(long index, std::string text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.emplace(index, std::move(text));
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
      file_ << waiting_.begin()->second << '\n';
      waiting_.erase(waiting_.begin());
      ++next_;
    }
    file_.flush();
  }
  /// How many lines the file has.
  [[nodiscard]] long written() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return next_;
  }
  [[nodiscard]] bool good() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return file_.good();
  }

 private:
  std::mutex mutex_;
  std::ofstream file_;
  std::map<long, std::string> waiting_;
  long next_;
};

/// Every thread takes the next row that nobody has.
void makeRows(const Experiment& experiment, DrawRange draws, long rows, int threads, OrderedLines& lines,
              Progress& progress) {
  std::atomic<long> next{lines.written()};
  const auto work = [&] {
    while (stopping == 0 && lines.good()) {
      const long index = next.fetch_add(1);
      if (index >= rows) return;
      const RowName name = rowAt(experiment, draws, index);
      lines.put(index, line(experiment, experiment.draw(name.value, name.draw)));
      progress.show(lines.written(), rows);
    }
  };
  std::vector<std::thread> others;
  for (int k = 1; k < threads; ++k) others.emplace_back(work);
  work();
  for (std::thread& thread : others) thread.join();
}

/// Writes the request into a new folder, or checks that the folder holds the same one.
std::string prepare(const RunRequest& request, const fs::path& folder, const Experiment& experiment) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return "cannot make the folder " + folder.string() + ": " + error.message();
  std::string problem;
  if (!fs::exists(folder / "experiment.json")) {
    if (fs::exists(folder / "draws.csv"))
      return folder.string() + " holds draws but no experiment.json; choose another --out";
    problem = writeFile(folder / "experiment.json", toJson(request));
  }
  if (problem.empty() && !fs::exists(folder / "draws.csv"))
    problem = writeFile(folder / "draws.csv", headerLine(experiment) + "\n");
  if (!problem.empty()) return problem;
  const Result<RunRequest> there = readRequest(folder);
  if (!there) return there.error();
  if (toJson(there.value()) != toJson(request))
    return folder.string() + " holds another run, " + toText(there.value().spec) + " of draws " +
           std::to_string(there.value().first) + ".." + std::to_string(there.value().last) +
           "; choose another --out";
  return {};
}

}  // namespace

void requestStop() { stopping = 1; }
bool stopAsked() { return stopping != 0; }

RunEnd run(const RunRequest& request, const fs::path& folder, const RunOptions& options) {
  const Result<Experiment> created = Experiment::create(request.spec);
  if (!created) return failed(created.error());
  const Experiment& experiment = created.value();
  if (std::string problem = prepare(request, folder, experiment); !problem.empty()) return failed(problem);
  const Result<long> done = takeUp(folder, experiment);
  if (!done) return failed(done.error());
  const DrawRange draws = drawsOf(request);
  const long rows = static_cast<long>(draws.end - draws.begin) * static_cast<long>(experiment.values());
  if (done.value() > rows) return failed((folder / "draws.csv").string() + " has more lines than draws");

  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  OrderedLines lines(folder / "draws.csv", done.value());
  Progress progress(done.value(), options.quiet);
  makeRows(experiment, draws, rows, options.threads > 0 ? options.threads : cores, lines, progress);
  progress.end();
  if (!lines.good()) return failed("cannot write " + (folder / "draws.csv").string() + "; is the disk full?");
  if (std::string problem = summarize(folder, request); !problem.empty()) return failed(problem);
  if (lines.written() == rows) return RunEnd::Finished;
  std::fprintf(stderr, "stopped after %ld of %ld rows; the same command goes on from there\n",
               lines.written(), rows);
  return RunEnd::Stopped;
}

std::string merge(const std::vector<fs::path>& shards, const fs::path& folder) {
  std::map<int, fs::path> parts;
  RunRequest whole;
  for (const fs::path& shard : shards) {
    const Result<RunRequest> request = readRequest(shard);
    if (!request) return request.error();
    RunRequest same = request.value();
    same.shard.index = 1;
    if (parts.empty()) whole = same;
    if (toJson(same) != toJson(whole))
      return shard.string() + " is part of another run than " + shards[0].string();
    if (!parts.emplace(request.value().shard.index, shard).second)
      return shard.string() + " is the same part as " + parts[request.value().shard.index].string();
  }
  std::string text;
  for (int k = 1; k <= whole.shard.count; ++k) {
    const std::string name = "part " + std::to_string(k) + "/" + std::to_string(whole.shard.count);
    if (!parts.contains(k)) return name + " is missing";
    RunRequest part = whole;
    part.shard.index = k;
    Experiment experiment = Experiment::create(part.spec).value();
    const Result<long> lines = takeUp(parts[k], experiment);
    if (!lines) return lines.error();
    const DrawRange draws = drawsOf(part);
    if (lines.value() != static_cast<long>(draws.end - draws.begin) * static_cast<long>(experiment.values()))
      return name + " in " + parts[k].string() + " is not finished; run it again";
    const Result<std::string> drawn = readFile(parts[k] / "draws.csv");
    if (!drawn) return drawn.error();
    text += k == 1 ? drawn.value() : drawn.value().substr(headerLine(experiment).size() + 1);
  }
  whole.shard = {};
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return "cannot make the folder " + folder.string() + ": " + error.message();
  std::string problem = writeFile(folder / "draws.csv", text);
  if (problem.empty()) problem = writeFile(folder / "experiment.json", toJson(whole));
  return problem.empty() ? summarize(folder, whole) : problem;
}

}  // namespace attention_svm::cli
