// SPDX-License-Identifier: MIT
// The program attention-svm: the same bytes whatever the threads, parts and interruptions; JSON and
// sentences.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "attention_svm/json.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "cli/dataset_commands.h"
#include "cli/files.h"
#include "cli/run.h"

namespace attention_svm::cli {
namespace {

namespace fs = std::filesystem;

/// A folder of the test's own, gone at its end.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("attention-svm-test-" + std::to_string(getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

RunRequest requestFor(const std::string& experiment, int last) {
  RunRequest request;
  request.spec = parseExperiment(experiment).value();
  request.last = last;
  return request;
}

RunOptions quietly(int threads) {
  RunOptions options;
  options.threads = threads;
  options.quiet = true;
  return options;
}

void expectSameFolder(const fs::path& a, const fs::path& b) {
  for (const fs::directory_entry& entry : fs::directory_iterator(a))
    EXPECT_EQ(readFile(entry.path()).value(), readFile(b / entry.path().filename()).value()) << entry.path();
  EXPECT_EQ(std::distance(fs::directory_iterator(a), {}), std::distance(fs::directory_iterator(b), {}));
}

/// The program as a process; returns at once.
pid_t start(const std::vector<std::string>& arguments) {
  const pid_t child = fork();
  if (child != 0) return child;
  std::vector<char*> argv{const_cast<char*>(ATTENTION_SVM_PROGRAM)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execv(ATTENTION_SVM_PROGRAM, argv.data());
  _exit(127);
}

/// Its exit code; 128 and more for a signal.
int finish(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// What it prints, both streams, and its exit code behind it.
std::string output(const std::string& arguments) {
  FILE* const pipe = popen((std::string("'" ATTENTION_SVM_PROGRAM "' ") + arguments + " 2>&1").c_str(), "r");
  std::string text;
  char piece[256];
  while (fgets(piece, sizeof piece, pipe) != nullptr) text += piece;
  return text + std::to_string(WEXITSTATUS(pclose(pipe)));
}

constexpr const char* kSmall = "rank,n=4,T=4,values=2:4:6";

TEST(Run, GivesTheSameBytesWhateverTheNumberOfThreads) {
  const Folder folder;
  for (const char* experiment : {kSmall, "local-convergence,steps=40", "several-tokens,steps=60,values=4",
                                 "quadratic-head,steps=50,values=0:1", "optimizers-and-norms,steps=50",
                                 "global-or-local,steps=40,values=3:5"}) {
    const RunRequest request = requestFor(experiment, 7);
    ASSERT_EQ(run(request, folder / "one", quietly(1)), RunEnd::Finished);
    ASSERT_EQ(run(request, folder / "four", quietly(4)), RunEnd::Finished);
    expectSameFolder(folder / "one", folder / "four");
    fs::remove_all(folder / "one");
    fs::remove_all(folder / "four");
  }
}

TEST(Run, HasTheNumbersOfThePageForTheSameDraws) {
  const Folder folder;
  RunRequest request = requestFor("global-or-local,steps=60,values=3:5:8", 5);
  ASSERT_EQ(run(request, folder / "run", quietly(3)), RunEnd::Finished);
  request.spec.runs = 6;
  EXPECT_EQ(readFile(folder / "run" / "summary.csv").value(), toCsv(runExperiment(request.spec).value()));
}

TEST(Run, GoesOnWhereItWasCutOffAndThrowsAwayHalfALine) {
  const Folder folder;
  const RunRequest request = requestFor(kSmall, 9);
  ASSERT_EQ(run(request, folder / "whole", quietly(2)), RunEnd::Finished);
  const std::string text = readFile(folder / "whole" / "draws.csv").value();
  ASSERT_EQ(run(request, folder / "cut", quietly(2)), RunEnd::Finished);
  for (const std::size_t length : {text.find('\n') + 1, text.size() / 2, text.size() - 1, text.size()}) {
    writeFile(folder / "cut" / "draws.csv", text.substr(0, length));
    ASSERT_EQ(run(request, folder / "cut", quietly(2)), RunEnd::Finished);
    expectSameFolder(folder / "whole", folder / "cut");
  }
}

TEST(Run, KilledAtARandomMomentResumesToTheSameBytesTenTimesOfTen) {
  const Folder folder;
  const std::string experiment = "global-or-local,values=4:6,steps=1500", draws = "0..39";
  ASSERT_EQ(finish(start({"run", experiment, "--draws", draws, "--quiet", "--out", folder / "whole"})), 0);
  Random random(std::random_device{}());
  int killed = 0;
  for (int attempt = 0; attempt < 10; ++attempt) {
    const std::string out = folder / ("killed" + std::to_string(attempt));
    const pid_t child = start({"run", experiment, "--draws", draws, "--quiet", "--out", out});
    std::this_thread::sleep_for(std::chrono::milliseconds(random.below(120)));
    kill(child, SIGKILL);
    killed += finish(child) == 128 + SIGKILL ? 1 : 0;
    ASSERT_EQ(finish(start({"run", experiment, "--draws", draws, "--quiet", "--out", out})), 0);
    expectSameFolder(folder / "whole", out);
  }
  EXPECT_GT(killed, 0);
}

TEST(Run, StopsCleanlyOnInterruptAndSaysHowToGoOn) {
  const Folder folder;
  const std::vector<std::string> command{
      "run", "global-or-local,values=4:6", "--draws", "0..9999", "--quiet", "--out", folder / "run"};
  const pid_t child = start(command);
  while (!fs::exists(folder / "run" / "draws.csv") || fs::file_size(folder / "run" / "draws.csv") < 200)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  kill(child, SIGINT);
  EXPECT_EQ(finish(child), 130);
  EXPECT_EQ(readFile(folder / "run" / "draws.csv").value().back(), '\n');
  EXPECT_TRUE(fs::exists(folder / "run" / "figure.svg"));
}

TEST(Merge, OfShardsInAnyOrderIsTheWholeRun) {
  const Folder folder;
  RunRequest request = requestFor(kSmall, 10);
  ASSERT_EQ(run(request, folder / "whole", quietly(2)), RunEnd::Finished);
  request.shard.count = 4;
  for (request.shard.index = 1; request.shard.index <= 4; ++request.shard.index)
    ASSERT_EQ(run(request, folder / std::to_string(request.shard.index), quietly(2)), RunEnd::Finished);
  ASSERT_EQ(merge({folder / "3", folder / "1", folder / "4", folder / "2"}, folder / "merged"), "");
  expectSameFolder(folder / "whole", folder / "merged");
  EXPECT_EQ(merge({folder / "3", folder / "1", folder / "4"}, folder / "less"), "part 2/4 is missing");
  EXPECT_NE(merge({folder / "3", folder / "3"}, folder / "less").find("is the same part as"),
            std::string::npos);
  EXPECT_NE(merge({folder / "3", folder / "whole"}, folder / "less").find("another run"), std::string::npos);
  writeFile(folder / "2" / "draws.csv", headerLine(Experiment::create(request.spec).value()) + "\n");
  EXPECT_NE(merge({folder / "1", folder / "2", folder / "3", folder / "4"}, folder / "less")
                .find("is not finished"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(folder / "less"));
}

TEST(Merge, WorksWithGnuParallelAndAsASlurmArray) {
  const Folder folder;
  RunRequest request = requestFor(kSmall, 11);
  ASSERT_EQ(run(request, folder / "whole", quietly(2)), RunEnd::Finished);
  const std::string program = "'" ATTENTION_SVM_PROGRAM "'",
                    common = std::string(" run ") + kSmall + " --draws 0..11 --quiet";
  const std::string array = "cd " + (folder / "").string() +
                            " && for k in 2 3 1; do SLURM_ARRAY_TASK_ID=$k "
                            "SLURM_ARRAY_TASK_COUNT=3 SLURM_CPUS_PER_TASK=1 ATTENTION_SVM=" +
                            program + " bash '" ATTENTION_SVM_SOURCE_DIR "/cli/slurm-array.sh' array " +
                            kSmall + " 0..11 || exit 1; done; " + program +
                            " merge array/* --out array-whole";
  ASSERT_EQ(std::system(array.c_str()), 0);
  expectSameFolder(folder / "whole", folder / "array-whole");
  if (std::system("command -v parallel > /dev/null") != 0) GTEST_SKIP() << "GNU parallel is not installed";
  const std::string parallel = "cd " + (folder / "").string() + " && parallel -j2 " + program + common +
                               " --threads 1 --shard {}/3 --out parts/{} ::: 1 2 3 2> /dev/null && " +
                               program + " merge parts/* --out parallel-whole";
  ASSERT_EQ(std::system(parallel.c_str()), 0);
  expectSameFolder(folder / "whole", folder / "parallel-whole");
}

TEST(CommandLine, SaysWhatIsWrongAndEndsWithItsCode) {
  const Folder folder;
  EXPECT_NE(output("run luck --draws 0..3 --out x").find("expected one of local-convergence"),
            std::string::npos);
  EXPECT_EQ(output("run luck --draws 0..3 --out x").back(), '2');
  EXPECT_EQ(output("run rank --draws 3 --out x"),
            "attention-svm: --draws: expected first..last, such as 0..999, found \"3\"\n2");
  EXPECT_EQ(output("run rank --draws 0..3 --shard 4/3 --out x"),
            "attention-svm: --shard: expected i/k with i from 1 to k, such as 3/8, found \"4/3\"\n2");
  EXPECT_EQ(output("solve nowhere.json"),
            "attention-svm: cannot read nowhere.json: No such file or directory\n1");
  EXPECT_EQ(output("").back(), '2');
  ASSERT_EQ(run(requestFor(kSmall, 1), folder / "run", quietly(1)), RunEnd::Finished);
  const std::string other = output("run rank --draws 0..3 --out " + (folder / "run").string());
  EXPECT_NE(other.find("holds another run, " + std::string(kSmall)), std::string::npos) << other;
  EXPECT_EQ(other.back(), '1');
}

TEST(CommandLine, HelpHasAnExampleEach) {
  for (const char* command : {"run", "merge", "train", "solve", "verdict", "hunt"}) {
    const std::string help = output(std::string(command) + " --help");
    EXPECT_NE(help.find("Example:\n  attention-svm " + std::string(command)), std::string::npos) << help;
    EXPECT_EQ(help.back(), '0');
    const std::string manual = readFile(ATTENTION_SVM_SOURCE_DIR "/cli/attention-svm.1").value();
    EXPECT_NE(manual.find("\n.B attention-svm " + std::string(command)), std::string::npos) << command;
  }
}

TEST(Hunt, WritesWhatItFoundAsADatasetAndTheSameWhateverTheThreads) {
  const Folder folder;
  const std::string out = (folder / "one").string();
  const std::string said = output("hunt condition-a --draws 0..9 --quiet --threads 1 --out " + out);
  EXPECT_NE(said.find("10 draws (seeds 1 to 10), 10 to which it applies, 1 failures."), std::string::npos)
      << said;
  EXPECT_NE(said.find("trainseed="), std::string::npos) << said;
  EXPECT_EQ(said.back(), '0');
  const Dataset found = parseDataset(readFile(folder / "one/finding.json").value()).value();
  EXPECT_LE(found.n(), 3);
  output("hunt condition-a --draws 0..9 --quiet --threads 2 --out " + (folder / "two").string());
  expectSameFolder(folder / "one", folder / "two");
  EXPECT_NE(output("hunt luck --out x").find("expected one of local-optimality"), std::string::npos);
}

TEST(Hunt, GivesTheStartUnderTheNameThatTheLabReads) {
  const Folder folder;
  const std::string said =
      output("hunt condition-b --draws 1309..1309 --quiet --out " + (folder / "out").string());
  EXPECT_NE(said.find("&W0=0,0,"), std::string::npos) << said;
}

TEST(Hunt, SaysHowManyDrawsAStatementSurvives) {
  const Folder folder;
  const std::string said =
      output("hunt feasible --draws 0..19 --tries 5 --quiet --out " + (folder / "out").string());
  EXPECT_NE(said.find("20 to which it applies, 0 failures."), std::string::npos) << said;
  EXPECT_NE(said.find("does not fail either"), std::string::npos) << said;
  EXPECT_FALSE(fs::exists(folder / "out/finding.json"));
}

TEST(Dataset, TrainSolveAndVerdictAgreeWithTheCore) {
  RandomDatasetSpec spec;
  spec.n = 3;
  spec.T = 4;
  spec.d = 6;
  const Dataset dataset = randomDataset(spec).value();
  const auto parsed = [](const Result<std::string>& text) {
    EXPECT_TRUE(text.ok()) << (text.ok() ? "" : text.error());
    return json::parse(text.value()).value();
  };
  TrainerOptions options;
  const json::Value trained = parsed(trainJson(dataset, options, 50));
  Trainer trainer = Trainer::create(dataset, options).value();
  trainer.step(50);
  EXPECT_EQ(*trained.find("loss")->number(), trainer.loss());
  EXPECT_EQ(*(*(*trained.find("W")->array())[5].array())[2].number(), trainer.W()(5, 2));

  SolveRequest request;
  request.norm = "nuclear";
  request.tokens = "0,1,3";
  const json::Value solved = parsed(solveJson(dataset, request));
  const SvmSolution svm = solveSvm(svmProblem(dataset, {0, 1, 3}).value(), Norm::nuclear());
  EXPECT_EQ(*solved.find("value")->number(), svm.norm);
  EXPECT_EQ(*solved.find("status")->string(), "solved");
  for (const Norm& norm : {Norm::l1(), Norm::linf(), Norm::spectral()}) {
    request.norm = infoOf(norm).id;
    const json::Value least = parsed(solveJson(dataset, request));
    EXPECT_EQ(*least.find("status")->string(), "solved");
    EXPECT_EQ(*least.find("value")->number(), solveSvm(svmProblem(dataset, {0, 1, 3}).value(), norm).norm);
  }
  request.tokens = "0,1";
  EXPECT_FALSE(solveJson(dataset, request).ok());
  request.tokens = "0,,1";
  EXPECT_EQ(solveJson(dataset, request).error(),
            "--tokens: expected numbers with commas between them, such as 3,0,2");

  const json::Value verdict = parsed(verdictJson(dataset, options, 2000));
  EXPECT_FALSE(verdict.find("sentence")->string()->empty());
  EXPECT_EQ(verdict.find("selected")->array()->size(), 3u);
  EXPECT_NE(verdict.find("angleDegrees")->number(), nullptr);
  options.optimizer = Optimizer::SpectralDescent;
  const json::Value margins = parsed(verdictJson(dataset, options, 2000));
  EXPECT_EQ(*margins.find("norm")->string(), "spectral");
  EXPECT_EQ(margins.find("angleDegrees")->number(), nullptr);
  EXPECT_GT(*margins.find("marginRatio")->number(), 0.5);
  request = {};
  request.budget.numbers = 10;
  EXPECT_NE(solveJson(dataset, request).error().find("set limit="), std::string::npos);
}

}  // namespace
}  // namespace attention_svm::cli
