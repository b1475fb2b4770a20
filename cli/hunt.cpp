// SPDX-License-Identifier: MIT
#include "hunt.h"

#include <atomic>
#include <cmath>
#include <cstdio>
#include <thread>

#include "attention_svm/local_optimality.h"
#include "attention_svm/names.h"
#include "files.h"
#include "progress.h"

namespace attention_svm::cli {

namespace {

constexpr int kPatience = 4;  // to confirm

std::uint64_t seedOf(int draw) { return static_cast<std::uint64_t>(draw) + 1; }

struct Tally {
  long applied = 0, failed = 0;
  int firstFailure = -1, worst = -1;  // draws
};

/// Every thread judges the next draw that nobody has; the tally is made in the order of the draws.
Result<Tally> judgeAll(const HuntRequest& request) {
  const long count = static_cast<long>(request.last) - request.first + 1;
  std::vector<Judgement> judged(static_cast<std::size_t>(count));
  std::atomic<long> next{0}, done{0};
  Progress progress(0, request.options.quiet);
  const auto work = [&] {
    for (long k = next++; k < count && !stopAsked(); k = next++) {
      judged[static_cast<std::size_t>(k)] =
          judge(request.statement, drawCase(request.statement, seedOf(request.first + static_cast<int>(k))));
      progress.show(++done, count);
    }
  };
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<std::thread> others;
  for (int k = 1; k < (request.options.threads > 0 ? request.options.threads : cores); ++k)
    others.emplace_back(work);
  work();
  for (std::thread& thread : others) thread.join();
  progress.end();
  if (done < count) return Error{"stopped"};
  Tally tally;
  for (int k = 0; k < static_cast<int>(count); ++k) {
    const Judgement& one = judged[static_cast<std::size_t>(k)];
    if (!one.applies) continue;
    ++tally.applied;
    if (one.fails && tally.firstFailure < 0) tally.firstFailure = request.first + k;
    tally.failed += one.fails ? 1 : 0;
    if (tally.worst < 0 ||
        one.badness > judged[static_cast<std::size_t>(tally.worst - request.first)].badness)
      tally.worst = request.first + k;
  }
  return tally;
}

/// "n = 3, T = 2, 2, 3, d = 2"
std::string sizeText(const Dataset& dataset) {
  std::string lengths;
  for (Index i = 0; i < dataset.n(); ++i) lengths += (i > 0 ? ", " : "") + std::to_string(dataset.length(i));
  return "n = " + std::to_string(dataset.n()) + ", T = " + lengths + ", d = " + std::to_string(dataset.d());
}

/// Settings that the lab needs beside the file.
std::string addressOf(const HuntCase& at) {
  std::string address = "trainseed=" + std::to_string(at.training.seed);
  if (at.training.optimizer != Optimizer::NormalizedGd)
    address += "&opt=" + std::string(nameOf(at.training.optimizer).id);
  if (at.training.W0) {
    address += "&W0=";
    for (Index k = 0; k < at.training.W0->size(); ++k)
      address += k > 0 ? ",0" : "0";  // the hunt starts W at zero, or at random
  }
  return address;
}

std::string proofOf(const HuntCase& at) {
  const Result<OptimalTokens> best = optimalTokens(at.dataset);
  std::string text;
  if (best) {
    const Result<SvmProblem> problem = svmProblem(at.dataset, best.value().tokens);
    if (problem)
      for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()})
        text += "\n" + std::string(infoOf(norm).id) + ":\n\n```\n" + toText(solveSvm(problem.value(), norm)) +
                "```\n";
  }
  Trainer trainer = Trainer::create(at.dataset, at.training).value();
  trainer.step(4000);
  if (const auto found = localOptimality(at.dataset, trainer.selected()); best && found)
    text += "\nSelection after 4,000 steps:\n\n```\n" + toText(found.value()) + "```\n";
  return text;
}

std::string countText(const HuntRequest& request, const Tally& tally) {
  return std::to_string(request.last - request.first + 1) + " draws (seeds " +
         std::to_string(seedOf(request.first)) + " to " + std::to_string(seedOf(request.last)) + "), " +
         std::to_string(tally.applied) + " to which it applies, " + std::to_string(tally.failed) +
         " failures.";
}

RunEnd failed(const std::string& sentence) {
  std::fprintf(stderr, "attention-svm: %s\n", sentence.c_str());
  return RunEnd::Failed;
}

}  // namespace

RunEnd hunt(const HuntRequest& request, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return failed("cannot make the folder " + folder.string() + ": " + error.message());
  const Result<Tally> counted = judgeAll(request);
  if (!counted) return RunEnd::Stopped;
  const Tally& tally = counted.value();
  const Statement statement = request.statement;
  std::string report = "# " + std::string(nameOf(statement).id) + "\n\n" + claimOf(statement) + "\n\n" +
                       countText(request, tally) + "\n";
  if (tally.applied == 0) return failed("the statement applies to none of these draws; take more of them");

  const int start = tally.firstFailure >= 0 ? tally.firstFailure : tally.worst;
  HuntCase found = drawCase(statement, seedOf(start));
  if (tally.firstFailure < 0) {
    found = searchAround(statement, found, request.tries, seedOf(start));
    report += "\nNo draw fails; a search of " + std::to_string(request.tries) +
              " tries around the worst one, seed " + std::to_string(seedOf(start)) + ", ";
    const Judgement worst = judge(statement, found);
    report += worst.applies && worst.fails
                  ? "does.\n"
                  : "does not fail either. The worst it came to: " + worst.evidence + "\n";
    if (!worst.fails) {
      std::fputs(report.c_str(), stdout);
      const std::string problem = writeFile(folder / "report.md", report);
      return problem.empty() ? RunEnd::Finished : failed(problem);
    }
  }
  const Dataset before = found.dataset;
  found = shrink(statement, found, [&](const HuntCase& at) {
    if (!request.options.quiet) std::fprintf(stderr, "smaller: %s\n", sizeText(at.dataset).c_str());
  });
  const Judgement confirmed = judge(statement, found, kPatience);
  report += "\nSeed " + std::to_string(seedOf(start)) + ": " + sizeText(before) +
            ". Smallest that still fails: " + sizeText(found.dataset) + ".\n" + confirmed.evidence +
            (confirmed.fails ? "" : " With four times the patience the statement holds after all.") +
            "\n\nIn the lab: open finding.json and add to the address `" + addressOf(found) + "`.\n" +
            proofOf(found);
  found.dataset.name = "counterexample: " + std::string(nameOf(statement).id);
  found.dataset.source = "attention-svm hunt " + std::string(nameOf(statement).id) + ", seed " +
                         std::to_string(seedOf(start)) + ", shrunk";
  std::fputs(report.c_str(), stdout);
  std::string problem = writeFile(folder / "finding.json", toJson(found.dataset) + "\n");
  if (problem.empty()) problem = writeFile(folder / "report.md", report);
  return problem.empty() ? RunEnd::Finished : failed(problem);
}

}  // namespace attention_svm::cli
