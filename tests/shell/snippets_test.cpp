// SPDX-License-Identifier: MIT
// The programs that the lab hands out are run, and must end where the lab is.
#include <gtest/gtest.h>

#include "null/null_host.h"
#include "panels/panels.h"
#include "settings/address.h"
#include "support/python.h"
#include "support/reference_files.h"

namespace attention_svm::shell {
namespace {

/// The W that a program prints in its first line, as JSON.
Matrix printedW(const std::string& output, Index d) {
  Matrix W = Matrix::Zero(d, d);
  const Result<json::Value> rows = json::parse(output.substr(0, output.find('\n')));
  EXPECT_TRUE(rows.ok()) << output.substr(0, 600);
  if (!rows) return W;
  for (Index r = 0; r < d; ++r)
    for (Index c = 0; c < d; ++c)
      W(r, c) = *(*(*rows.value().array())[static_cast<std::size_t>(r)].array())[static_cast<std::size_t>(c)]
                     .number();
  return W;
}

class PythonSnippet : public ::testing::TestWithParam<const char*> {};

TEST_P(PythonSnippet, EndsAtTheSameW) {
  Driver driver(GetParam());
  // These grow fast, and then every rounding shows: few steps of them.
  const std::string address = GetParam();
  const bool fast =
      address.find("param=KQ") != std::string::npos || address.find("growing") != std::string::npos;
  driver.lab().step(fast ? 25 : 120);
  const Session& session = driver.lab().session();
  const std::string folder = test::temporaryFolder("snippet");
  const std::string output = test::runPython(folder + "/run.py", pythonSnippet(session));
  ASSERT_EQ(output.rfind("exit", 0), std::string::npos) << output;
  const Matrix& W = session.runs.front().trainer.W();
  EXPECT_LT((printedW(output, W.rows()) - W).norm(), 1e-9 * W.norm()) << output.substr(0, 300);
  std::string selected = "selected [";
  for (const Index t : session.runs.front().trainer.selected())
    selected += (selected.back() == '[' ? "" : ", ") + std::to_string(t + 1);
  EXPECT_NE(output.find(selected + "]"), std::string::npos) << output;
}

INSTANTIATE_TEST_SUITE_P(
    Configurations, PythonSnippet,
    ::testing::Values("scenario=plane", "scenario=plane&param=KQ&W0=", "scenario=plane&opt=gd&eta=2",
                      "scenario=plane&opt=gd&param=KQ&W0=&loss=exponential", "scenario=plane&loss=linear",
                      "scenario=plane&loss=exponential", "scenario=self-attention",
                      "scenario=self-attention&opt=normalized-gd-growing",
                      "scenario=ten-dimensions&opt=normalized-gd-growing&param=KQ&m=4",
                      "scenario=ten-dimensions&grad=plain", "scenario=ten-dimensions&opt=adam",
                      "scenario=ten-dimensions&opt=adam&param=KQ&grad=plain", "scenario=causal",
                      "scenario=causal&causal=0&param=KQ", "scenario=mlp-head", "scenario=quadratic-head",
                      "scenario=words", "scenario=mississippi&grad=plain", "scenario=words&param=KQ",
                      "scenario=mirror-descent&p=1.75", "scenario=mirror-descent&opt=mirror&p=3",
                      "scenario=quadratic-head&param=KQ&loss=exponential&grad=log-domain"));

TEST(Snippets, PythonFollowsWhereThePlainGradientHasLongVanished) {
  Driver driver("scenario=plane");
  driver.lab().step(3000);
  const std::string output =
      test::runPython(test::temporaryFolder("snippet") + "/run.py", pythonSnippet(driver.lab().session()));
  const Matrix& W = driver.lab().session().runs.front().trainer.W();
  EXPECT_LT((printedW(output, 2) - W).norm(), 1e-6 * W.norm()) << output;
}

TEST(Snippets, CppCompilesAgainstTheCoreAndEndsAtTheSameW) {
  Driver driver("scenario=ten-dimensions&n=2&T=3&d=2&param=KQ&m=2&K0=0.1,0.2,0.3,0.4&Q0=0.5,-0.2,0.1,0.3");
  driver.lab().step(150);
  const Session& session = driver.lab().session();
  const std::string folder = test::temporaryFolder("snippet");
  test::writeText(folder + "/dataset.json", toJson(session.dataset));
  test::writeText(folder + "/run.cpp", cppSnippet(session));
  const std::string compiled = test::run("cd " + folder + " && " + ATTENTION_SVM_COMPILER + " run.cpp " +
                                         ATTENTION_SVM_CORE_LIBRARY + " -o run");
  ASSERT_EQ(compiled, "");
  std::istringstream output(test::run("cd " + folder + " && ./run"));
  const Matrix& W = session.runs.front().trainer.W();
  for (Index k = 0; k < 4; ++k) {
    double x = 0;
    ASSERT_TRUE(output >> x) << output.str();
    EXPECT_DOUBLE_EQ(x, W(k / 2, k % 2));
  }
  EXPECT_NE(output.str().find("1 - correlation"), std::string::npos);
}

TEST(Snippets, CppNamesEverySetting) {
  Driver driver(
      "scenario=mirror-descent&p=1.75&loss=exponential&grad=plain&every=1&causal=1&data=random&d=2&W0=1,2,3,"
      "4");
  const std::string text = cppSnippet(driver.lab().session());
  for (const char* part :
       {"Optimizer::NormalizedMirror", "Norm::lp(1.75)", "Loss::Exponential", "GradientMode::Plain",
        "queries = {true, true}", "W0 = (Matrix(2, 2) << 1, 2, 3, 4)"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(SessionFile, BringsEverythingBackAndTrainsToTheSameWeights) {
  for (const char* address :
       {"scenario=ten-dimensions&eta=0.05&compare=param=KQ;trainseed=4&plots=scores",
        "scenario=mlp-head&theme=dark", "scenario=plane&data=inline:1,0;0,1~0.5,0.5~p~1,0"}) {
    SCOPED_TRACE(address);
    Driver driver(address, 1280, 2000);
    driver.lab().step(400);
    const std::string file = sessionJson(driver.lab().session());
    Driver other("scenario=digits");
    ASSERT_TRUE(other.lab().openFile("session.json", file).ok());
    EXPECT_TRUE(other.lab().wantsFrame());
    for (int k = 0; k < 2000 && other.lab().wantsFrame(); ++k) other.frames();
    EXPECT_EQ(other.lab().state(), driver.lab().state());
    ASSERT_EQ(other.lab().session().runs.size(), driver.lab().session().runs.size());
    for (std::size_t k = 0; k < other.lab().session().runs.size(); ++k)
      EXPECT_EQ(other.lab().session().runs[k].trainer.W(), driver.lab().session().runs[k].trainer.W());
    EXPECT_EQ(other.lab().verdict(), driver.lab().verdict());
    EXPECT_EQ(sessionJson(other.lab().session()), file);
  }
}

TEST(SessionFile, HoldsTheDataOfAFileAndCanBeUndone) {
  Driver driver("scenario=plane");
  ASSERT_TRUE(driver.lab().openFile("digits.json", test::readTextFile("web/data/digits-rows.json")).ok());
  driver.lab().step(5);
  const std::string file = sessionJson(driver.lab().session());
  Driver other("scenario=plane");  // as in another browser, which never saw the dataset
  ASSERT_TRUE(other.lab().openFile("session.json", file).ok());
  other.frames(5);
  EXPECT_EQ(other.lab().session().dataset.n(), 16);
  EXPECT_EQ(other.lab().session().runs.front().trainer.iteration(), 5);
  EXPECT_EQ(other.host().kept.size(), 1u);
  other.key(ImGuiKey_Z, true);
  EXPECT_EQ(other.lab().session().dataset.n(), 2);
}

TEST(SessionFile, TheReaderCanStopTheWayBack) {
  Driver driver("scenario=plane");
  driver.lab().step(200);
  std::string file = sessionJson(driver.lab().session());
  const std::size_t at = file.find("\"iteration\":200");
  ASSERT_NE(at, std::string::npos);
  file.replace(at, 15, "\"iteration\":99000000");
  ASSERT_TRUE(driver.lab().openFile("session.json", file).ok());
  driver.lab().step(1);
  driver.frames(3);
  EXPECT_EQ(driver.lab().session().runs.front().trainer.iteration(), 1);
  EXPECT_FALSE(driver.lab().playing());
}

TEST(SessionFile, DamagedOnesChangeNothing) {
  Driver driver("scenario=plane");
  const std::string before = driver.lab().state();
  for (const char* text :
       {R"({"format":"attention-svm-session","version":2,"address":"","dataset":{}})",
        R"({"format":"attention-svm-session","version":1,"dataset":{}})",
        R"({"format":"attention-svm-session","version":1,"address":"scenario=plane"})",
        R"({"format":"attention-svm-session","version":1,"address":"scenario=plane","dataset":{"X":[]}})"}) {
    const Result<std::string> opened = driver.lab().openFile("session.json", text);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(driver.lab().state(), before);
  }
}

}  // namespace
}  // namespace attention_svm::shell
