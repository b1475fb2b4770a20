// SPDX-License-Identifier: MIT
// attention-svm: the command line. Exit codes: 0 done, 1 the data or the machine say no, 2 the command line
// is wrong, 130 stopped by Ctrl-C with everything kept.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "attention_svm/names.h"
#include "dataset_commands.h"
#include "hunt.h"
#include "run.h"

namespace attention_svm::cli {

namespace {

constexpr int kDone = 0, kFailed = 1, kUsage = 2, kStopped = 130;

int fail(int code, const std::string& sentence) {
  std::fprintf(stderr, "attention-svm: %s\n", sentence.c_str());
  return code;
}

int print(const Result<std::string>& text) {
  if (!text) return fail(kFailed, text.error());
  std::fputs(text.value().c_str(), stdout);
  return std::fflush(stdout) == 0 ? kDone : fail(kFailed, "cannot write to standard output");
}

template <class Enum>
void addNamed(CLI::App& app, const std::string& option, Enum& value, const std::string& what) {
  const std::string ids = idsOf<Enum>();
  const auto take = [&value, option, ids](const std::string& id) {
    const std::optional<Enum> found = valueNamed<Enum>(id);
    if (!found) throw CLI::ValidationError(option, "expected one of " + ids + ", found \"" + id + "\"");
    value = *found;
  };
  app.add_option_function<std::string>(option, take, what + ": " + ids)
      ->option_text("NAME [" + std::string(nameOf(value).id) + "]");
}

struct TrainArguments {
  std::string file;
  TrainerOptions options;
  int steps = 2000;
};

void addQueries(CLI::App& app, QueryMode& mode) {
  app.add_flag("--every-token", mode.everyToken, "Every token of a sequence is a query");
  app.add_flag("--causal", mode.causal, "With --every-token: a query sees only what is not behind it");
}

void addFile(CLI::App& app, std::string& file, Budget& budget) {
  app.add_option("FILE", file, "Dataset file (docs/data-format.md); - for standard input")->required();
  app.add_option("--limit", budget.numbers,
                 "Numbers that data, training and SVM may hold at once, 8 bytes each")
      ->check(CLI::PositiveNumber)
      ->option_text("NUMBERS [20000000]");
}

void addTraining(CLI::App& app, TrainArguments& given) {
  addFile(app, given.file, given.options.budget);
  app.add_option("--steps", given.steps, "Steps of training")
      ->check(CLI::Range(0, 100'000'000))
      ->capture_default_str();
  addNamed(app, "--param", given.options.parameterization, "What trains");
  app.add_option("--rank", given.options.rank, "Columns of K and Q; 0: as many as dimensions")
      ->capture_default_str();
  addNamed(app, "--optimizer", given.options.optimizer, "How it trains");
  app.add_option("--p", given.options.p, "Mirror descent: its potential is of ℓ_p")->capture_default_str();
  app.add_option("--growth", given.options.growth,
                 "Growing steps: eta (1 + k/100)^growth; without: 1 for W, 3 for KQ");
  app.add_option("--eta", given.options.stepSize, "Step size")->capture_default_str();
  addNamed(app, "--loss", given.options.loss, "Loss");
  addNamed(app, "--gradient", given.options.gradient, "Form of the gradient");
  app.add_option("--seed", given.options.seed, "Of the random start")->capture_default_str();
  addQueries(app, given.options.queries);
}

struct RunArguments {
  std::vector<std::string> experiment;
  std::string draws, shard = "1/1", out;
  RunOptions options;
};

/// "rank" "T=10" is the same as "rank,T=10".
Result<RunRequest> requestOf(const RunArguments& given) {
  std::string text;
  for (const std::string& part : given.experiment) text += (text.empty() ? "" : ",") + part;
  const Result<ExperimentSpec> spec = parseExperiment(text);
  if (!spec) return Error{spec.error()};
  const Result<DrawRange> draws = parseDraws(given.draws);
  if (!draws) return Error{draws.error()};
  const Result<Shard> shard = parseShard(given.shard);
  if (!shard) return Error{shard.error()};
  if (shard.value().count > draws.value().end - draws.value().begin)
    return Error{"--shard: more parts than there are draws"};
  return RunRequest{spec.value(), draws.value().begin, draws.value().end - 1, shard.value()};
}

int exitCode(RunEnd end) {
  return end == RunEnd::Finished ? kDone : end == RunEnd::Stopped ? kStopped : kFailed;
}

int runCommand(const RunArguments& given) {
  const Result<RunRequest> request = requestOf(given);
  if (!request) return fail(kUsage, request.error());
  std::signal(SIGINT, [](int) { requestStop(); });
  std::signal(SIGTERM, [](int) { requestStop(); });
  return exitCode(run(request.value(), given.out, given.options));
}

struct HuntArguments {
  std::string draws = "0..1999", out;
  HuntRequest request;
};

int huntCommand(HuntArguments given) {
  const Result<DrawRange> draws = parseDraws(given.draws);
  if (!draws) return fail(kUsage, draws.error());
  given.request.first = draws.value().begin;
  given.request.last = draws.value().end - 1;
  std::signal(SIGINT, [](int) { requestStop(); });
  std::signal(SIGTERM, [](int) { requestStop(); });
  return exitCode(hunt(given.request, given.out));
}

CLI::App* addHunt(CLI::App& app, HuntArguments& given) {
  CLI::App* command =
      app.add_subcommand("hunt", "Look for data on which a statement fails, and make them small");
  const auto take = [&given](const std::string& id) {
    const std::optional<Statement> found = valueNamed<Statement>(id);
    if (!found)
      throw CLI::ValidationError("STATEMENT",
                                 "expected one of " + idsOf<Statement>() + ", found \"" + id + "\"");
    given.request.statement = *found;
  };
  command->add_option_function<std::string>("STATEMENT", take, "What may fail: " + idsOf<Statement>())
      ->required();
  command->add_option("--draws", given.draws, "First and last draw")->capture_default_str();
  command->add_option("--tries", given.request.tries, "Of the search around the worst draw, when none fails")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command->add_option("--out", given.out, "Folder for finding.json, a dataset, and report.md")->required();
  command->add_option("--threads", given.request.options.threads, "0: one for each core")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command->add_flag("--quiet", given.request.options.quiet, "No progress line");
  command->footer("Example:\n  attention-svm hunt condition-a --draws 0..1999 --out hunted");
  return command;
}

int mergeCommand(const std::vector<std::string>& shards, const std::string& out) {
  const std::string problem = merge({shards.begin(), shards.end()}, out);
  return problem.empty() ? kDone : fail(kFailed, problem);
}

int onDataset(const std::string& file, const Budget& budget,
              const std::function<Result<std::string>(const Dataset&)>& work) {
  const Result<Dataset> dataset = readDataset(file, budget);
  return dataset ? print(work(dataset.value())) : fail(kFailed, dataset.error());
}

CLI::App* addRun(CLI::App& app, RunArguments& given) {
  CLI::App* command = app.add_subcommand("run", "Draw an experiment many times, on all cores, into a folder");
  command
      ->add_option("EXPERIMENT", given.experiment,
                   "Name and what differs from the paper's settings, as in the page's address: " +
                       idsOf<ExperimentKind>())
      ->required();
  command->add_option("--draws", given.draws, "First and last draw, such as 0..999")->required();
  command
      ->add_option("--out", given.out,
                   "Folder for draws.csv, summary and figures; a stopped run goes on in it")
      ->required();
  command->add_option("--threads", given.options.threads, "0: one for each core")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command->add_option("--shard", given.shard, "Only part i of k, for other machines; see merge")
      ->capture_default_str();
  command->add_flag("--quiet", given.options.quiet, "No progress line");
  command->footer(
      "Example:\n  attention-svm run rank n=5 T=10 values=2:5:10 --draws 0..999 --out rank\n"
      "The figures of all threads, shards and stopped runs are the same, to the bit.");
  return command;
}

int main(int argc, char** argv) {
  CLI::App app{"Attention as a support vector machine: experiments, training, solving"};
  app.set_version_flag("--version", "attention-svm " ATTENTION_SVM_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done; 1 the data or the machine say no; 2 wrong command line; 130 stopped, all kept.");

  RunArguments running;
  const CLI::App* runApp = addRun(app, running);

  HuntArguments hunting;
  const CLI::App* huntApp = addHunt(app, hunting);

  std::vector<std::string> shards;
  std::string merged;
  CLI::App* mergeApp = app.add_subcommand("merge", "Put the shards of a run together, as if it had been one");
  mergeApp->add_option("SHARDS", shards, "Folders of all parts, in any order")->required();
  mergeApp->add_option("--out", merged, "Folder for the whole")->required();
  mergeApp->footer("Example:\n  attention-svm merge parts/* --out rank");

  TrainArguments training, judging;
  CLI::App* trainApp = app.add_subcommand("train", "Train on a dataset file; weights and attention as JSON");
  addTraining(*trainApp, training);
  trainApp->footer("Example:\n  attention-svm train data.json --param KQ --steps 5000 > trained.json");
  CLI::App* verdictApp =
      app.add_subcommand("verdict", "Train on a dataset file and say what that did, as JSON");
  addTraining(*verdictApp, judging);
  verdictApp->footer("Example:\n  attention-svm verdict data.json --steps 4000");

  SolveRequest solving;
  std::string solveFile;
  CLI::App* solveApp =
      app.add_subcommand("solve", "Solve the SVM of a dataset file; solution and proof as JSON");
  addFile(*solveApp, solveFile, solving.budget);
  solveApp
      ->add_option("--norm", solving.norm,
                   "Norm that is least: " + normNames([](const NormInfo&) { return true; }))
      ->capture_default_str();
  solveApp->add_option("--p", solving.p, "Of the norm lp")->capture_default_str();
  solveApp->add_option("--tokens", solving.tokens,
                       "Selected tokens, counted from 0; without: the optimal ones");
  solveApp->add_option("--tolerance", solving.tolerance, "Relative duality gap to reach")
      ->capture_default_str();
  addQueries(*solveApp, solving.queries);
  solveApp->footer("Example:\n  attention-svm solve data.json --norm nuclear --tokens 3,0,2");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  if (*runApp) return runCommand(running);
  if (*huntApp) return huntCommand(hunting);
  if (*mergeApp) return mergeCommand(shards, merged);
  if (*trainApp)
    return onDataset(training.file, training.options.budget,
                     [&](const Dataset& d) { return trainJson(d, training.options, training.steps); });
  if (*verdictApp)
    return onDataset(judging.file, judging.options.budget,
                     [&](const Dataset& d) { return verdictJson(d, judging.options, judging.steps); });
  return onDataset(solveFile, solving.budget, [&](const Dataset& d) { return solveJson(d, solving); });
}

}  // namespace

}  // namespace attention_svm::cli

int main(int argc, char** argv) { return attention_svm::cli::main(argc, argv); }
