// SPDX-License-Identifier: MIT
// Files from elsewhere: CSV as spreadsheets write it, NumPy's formats, JSON without a head.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "attention_svm/random.h"
#include "import/import.h"
#include "import/zip.h"
#include "null/null_host.h"
#include "support/python.h"
#include "support/reference_files.h"

namespace attention_svm::shell {
namespace {

constexpr const char* kHeader = "sequence,token,role,x1,x2,label\n";

Dataset read(const std::string& csv) {
  const Result<Imported> imported = parseCsv(csv);
  EXPECT_TRUE(imported.ok()) << (imported.ok() ? "" : imported.error());
  return imported.ok() ? imported.value().dataset : Dataset{};
}

std::string problem(const std::string& csv) {
  const Result<Imported> imported = parseCsv(csv);
  return imported.ok() ? "none" : imported.error();
}

TEST(Csv, QuotesMarksLineEndsCommentsAndBlanksAreUnderstood) {
  const Dataset plain =
      read(std::string(kHeader) + "1,1,token,1,0.5,1\n1,2,token,0,1,\n2,1,token,-1,2e-1,-1\n");
  const Dataset odd = read(
      "\xEF\xBB\xBF# written by a spreadsheet\r\n\"sequence\",\"token\",\"role\",\"x1\",\"x2\",\"label\"\r\n"
      "\r\n 1 ,1, \"token\", \"1\",0.5,+1\r\n# a "
      "remark\r\n1,2,token,0,1,\"\"\r\n,,,,,\r\n2,,token,-1,2e-1,-1.0");
  EXPECT_EQ(toJson(plain), toJson(odd));
  const Dataset semicolons =
      read("sequence;token;role;x1;x2;label\n1;1;token;1;0.5;1\n1;2;token;0;1;\n2;1;token;-1;.2;-1");
  EXPECT_EQ(toJson(plain), toJson(semicolons));
}

TEST(Csv, TheExampleOfTheDocumentationIsRead) {
  const std::string page = test::readTextFile("docs/data-format.md");
  const std::size_t start = page.find("```csv\n") + 7;
  const Result<Imported> example = parseCsv(page.substr(start, page.find("```", start) - start));
  ASSERT_TRUE(example.ok()) << example.error();
  EXPECT_TRUE(example.value().hasHead);
  EXPECT_EQ(example.value().dataset.length(0), 2);
}

TEST(Csv, TheTokenColumnOrdersTheTokens) {
  const Dataset data = read(std::string(kHeader) + "1,3,token,3,0,1\n1,1,token,1,0,\n1,2,token,2,0,\n");
  EXPECT_EQ(data.X[0].col(0), (Vector(3) << 1, 2, 3).finished());
}

TEST(Csv, MistakesAreNamedWithLineAndColumn) {
  const std::string head = kHeader;
  EXPECT_EQ(problem("a,b\n"), "line 1: expected the header sequence,token,role,x1,...,xd,label");
  EXPECT_EQ(problem("# x\n\na,b\n"), "line 3: expected the header sequence,token,role,x1,...,xd,label");
  EXPECT_EQ(problem(head + "1,1,token,1,0,1\n\n1,2,token,1,nan,\n"), "line 4: x2: expected a number");
  EXPECT_EQ(problem(head + "1,1,token,1,1\n"), "line 2: expected 6 cells, found 5");
  EXPECT_EQ(problem(head + "one,1,token,1,1,1\n"),
            "line 2: sequence: expected a whole number, found \"one\"");
  EXPECT_EQ(problem(head + "1,1,word,1,1,1\n"),
            "line 2: role: expected token, query or head, found \"word\"");
  EXPECT_EQ(problem(head + "1,1,token,1,1,0\n"), "line 2: label: expected 1 or -1, found 0");
  EXPECT_EQ(problem(head + "1,1,token,1,1,1\n1,2,token,1,2,-1\n"),
            "line 3: label: sequence 1 has both 1 and -1");
  EXPECT_EQ(problem(head + "1,1,token,1,1,1\n1,1,token,1,2,1\n"),
            "line 3: token: sequence 1 has token 1 twice");
  EXPECT_EQ(problem(head + "1,1,token,1,1,1\n2,,query,1,2,1\n"), "sequence 1 has no query, others have one");
  EXPECT_EQ(problem(head + "1,1,token,1,1,\n"), "sequence 1 has no label");
  EXPECT_EQ(problem(""), "the file is empty");
}

/// Files that NumPy itself writes, from the same numbers in every order and type.
class Numpy : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = test::temporaryFolder("numpy");
    const std::string output = test::runPython(folder + "/write.py", R"(
import numpy as np, os, sys
os.chdir(os.path.dirname(os.path.abspath(sys.argv[0])))
X = np.arange(24, dtype=float).reshape(2, 3, 4) - 5
y, v, Z = np.array([1, -1]), np.array([1., 0, 2, 0]), np.ones((2, 4)) * [[1], [2]]
np.save('c.npy', X)
np.save('fortran.npy', np.asfortranarray(X))
for name in ['>f8', '<f4', '>f4', '<f2', '>i2', '<i4', '>i8', '|i1', '<i8']:
    np.save('type' + name[1:] + ('big' if name[0] == '>' else '') + '.npy', X.astype(name))
for name in ['|u1', '<u2', '>u4', '<u8']:
    np.save('type' + name[1:] + '.npy', (X + 5).astype(name))
np.save('typebool.npy', X > 3)
np.savez('plain.npz', X=X, y=y, v=v, Z=Z)
np.savez_compressed('deflated.npz', X=X, y=y, v=v, Z=np.asfortranarray(Z))
np.savez_compressed('headless.npz', X=X, y=y)
big = np.random.default_rng(1).normal(size=(40, 16, 12)).round(3)
np.savez_compressed('big.npz', X=big)
np.save('big.npy', big)
np.save('objects.npy', np.array([[1, 2], [3]], dtype=object), allow_pickle=True)
np.save('complex.npy', X.astype(complex))
np.save('fields.npy', np.zeros(3, dtype=[('a', 'f8'), ('b', 'i4')]))
np.savez('flat.npz', X=X.reshape(6, 4))
np.savez('labels.npz', X=X, y=np.ones(3))
print('written')
)");
    ASSERT_EQ(output, "written\n");
  }
  static Result<Imported> open(const std::string& name) {
    return importDataset(name, test::readAbsolute(folder + "/" + name));
  }
  static std::string problemOf(const std::string& name) {
    const Result<Imported> result = open(name);
    return result.ok() ? "none" : result.error();
  }
  static std::string folder;
};
std::string Numpy::folder;

TEST_F(Numpy, EveryOrderAndNumberType) {
  const std::vector<Matrix> X = open("c.npy").value().dataset.X;
  EXPECT_EQ(X[1](2, 3), 18.0);
  for (const char* name : {"fortran", "typef8big", "typef4", "typef4big", "typef2", "typei2big", "typei4",
                           "typei8big", "typei1", "typei8"})
    EXPECT_EQ(open(std::string(name) + ".npy").value().dataset.X, X) << name;
  for (const char* name : {"typeu1", "typeu2", "typeu4", "typeu8"}) {
    const std::vector<Matrix> shifted = open(std::string(name) + ".npy").value().dataset.X;
    for (std::size_t i = 0; i < X.size(); ++i) EXPECT_EQ(shifted[i], (X[i].array() + 5).matrix()) << name;
  }
  EXPECT_EQ(open("typebool.npy").value().dataset.X[0](2, 0), 0.0);
  EXPECT_EQ(open("typebool.npy").value().dataset.X[0](2, 1), 1.0);
}

TEST_F(Numpy, CompressedArchivesHoldTheSame) {
  const Imported plain = open("plain.npz").value(), deflated = open("deflated.npz").value();
  EXPECT_TRUE(plain.hasHead);
  EXPECT_EQ(plain.dataset.y(1), -1.0);
  EXPECT_EQ(std::get<LinearHead>(plain.dataset.head).v(2), 2.0);
  EXPECT_EQ(plain.dataset.Z(1, 3), 2.0);
  EXPECT_EQ(toJson(plain.dataset), toJson(deflated.dataset));
  EXPECT_EQ(open("big.npz").value().dataset.X, open("big.npy").value().dataset.X);
  EXPECT_FALSE(open("headless.npz").value().hasHead);
}

TEST_F(Numpy, WhatCannotBeReadIsRefusedWithAWayOut) {
  EXPECT_NE(problemOf("objects.npy").find("pickled"), std::string::npos);
  EXPECT_NE(problemOf("objects.npy").find("JSON or CSV"), std::string::npos);
  EXPECT_EQ(problemOf("complex.npy"),
            "X.npy: numbers of type <c16: expected floating-point numbers, integers or booleans");
  EXPECT_EQ(problemOf("fields.npy"), "X.npy: fields with names: expected plain numbers");
  EXPECT_EQ(problemOf("flat.npz"), "X: expected an array of shape (n, T, d), found (6, 4)");
  EXPECT_EQ(problemOf("labels.npz"), "y: expected n labels, found shape (3)");
}

TEST_F(Numpy, DamagedFilesAreRefusedAndNeverCrash) {
  Random random(3);
  for (const char* name : {"deflated.npz", "plain.npz", "fortran.npy"}) {
    const std::string whole = test::readAbsolute(folder + "/" + name);
    for (int k = 0; k < 1500; ++k) {
      std::string bytes = whole;
      for (int flips = 1 + random.below(4); flips > 0; --flips)
        bytes[static_cast<std::size_t>(random.below(static_cast<int>(bytes.size())))] =
            static_cast<char>(random.below(256));
      if (random.below(3) == 0)
        bytes.resize(static_cast<std::size_t>(random.below(static_cast<int>(bytes.size()))));
      const Result<Imported> result = importDataset(name, bytes);
      EXPECT_TRUE(result.ok() || !result.error().empty());
    }
  }
}

TEST(Inflate, StoredFixedAndDynamicBlocks) {
  const auto unpacked = [](const std::string& bytes, std::size_t size) {
    std::string result;
    return inflate(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), size, result) ? result
                                                                                                     : "-";
  };
  EXPECT_EQ(unpacked(std::string("\x01\x03\x00\xfc\xff\x61\x62\x63", 8), 3), "abc");
  EXPECT_EQ(unpacked(std::string("\x4b\x4c\x4a\x06\x00", 5), 3), "abc");  // fixed codes
  EXPECT_EQ(unpacked(std::string("\x4b\x4c\x4a\x06\x00", 5), 4), "-");    // another size than announced
  EXPECT_EQ(unpacked("", 0), "-");
}

TEST(HeadChoice, BothWaysPointFromOneLabelToTheOther) {
  Dataset data;
  for (const double side : {1.0, -1.0, 1.0}) {
    Matrix X(2, 2);
    X << 2 * side, 1, 4 * side, 3;
    data.X.push_back(X);
  }
  data.y = (Vector(3) << 1, -1, 1).finished();
  const Vector difference = headFrom(HeadChoice::MeanDifference, data);
  EXPECT_NEAR(difference(0), 1.0, 1e-12);  // the mean tokens are (±3, 2)
  EXPECT_NEAR(difference(1), 0.0, 1e-12);
  const Vector fitted = headFrom(HeadChoice::Fitted, data);
  EXPECT_NEAR(fitted.norm(), 1.0, 1e-12);
  EXPECT_GT(fitted(0), 0.95);
  data.y.setOnes();  // labels of one kind: the mean token
  const Vector alone = headFrom(HeadChoice::MeanDifference, data);
  EXPECT_NEAR(alone(1) / alone(0), 2.0 / 1.0, 1e-9);
}

TEST(HeadChoice, TheFitIsWhereItsGradientVanishes) {
  Random random(4);
  Dataset data;
  for (int i = 0; i < 9; ++i) data.X.push_back(random.uniformMatrix(3, 5, -1, 1));
  data.y = Vector::Ones(9);
  for (Index i = 0; i < 9; i += 2) data.y(i) = -1;
  const Vector v = headFrom(HeadChoice::Fitted, data);
  // Along the ray through the minimum there is one length at which the gradient is zero.
  double least = 1e300;
  for (double length = 0.01; length < 60; length *= 1.0005) {
    Vector gradient = 1e-2 * length * v;
    for (std::size_t i = 0; i < 9; ++i) {
      const Vector m = data.X[i].colwise().mean().transpose();
      const double y = data.y(static_cast<Index>(i));
      gradient -= y / 9.0 / (1.0 + std::exp(y * length * m.dot(v))) * m;
    }
    least = std::min(least, gradient.norm());
  }
  EXPECT_LT(least, 1e-4);
}

const char* const kHeadless =
    R"({"format":"attention-svm-dataset","version":1,"X":[[[2,0],[0,1]],[[-2,1],[0,-1]]],"y":[1,-1]})";

TEST(HeadOffer, AFileWithoutAHeadAsksAndBothAnswersWork) {
  Driver driver("scenario=plane");
  EXPECT_FALSE(parseDataset(kHeadless).ok());  // the core insists on a head; asking is the lab's business
  ASSERT_TRUE(driver.lab().openFile("mine.json", kHeadless).ok());
  driver.frames(2);
  ASSERT_TRUE(driver.shows("fit v: logistic regression on mean tokens"));
  const auto v = [&driver] { return std::get<LinearHead>(driver.lab().session().dataset.head).v; };
  EXPECT_EQ(v(), headFrom(HeadChoice::Fitted, driver.lab().session().dataset));
  ASSERT_TRUE(driver.click("v = difference of the label means"));
  EXPECT_EQ(v(), headFrom(HeadChoice::MeanDifference, driver.lab().session().dataset));
  EXPECT_EQ(driver.lab().session().settings.source, DataSource::File);
  EXPECT_EQ(driver.host().kept.size(), 2u);
  ASSERT_TRUE(driver.click("fit v: logistic regression on mean tokens"));
  EXPECT_EQ(v(), headFrom(HeadChoice::Fitted, driver.lab().session().dataset));
  ASSERT_TRUE(driver.click("Keep this"));
  EXPECT_FALSE(driver.shows("fit v"));
}

TEST(HeadOffer, AFileWithAHeadDoesNotAsk) {
  Driver driver("scenario=plane");
  ASSERT_TRUE(driver.lab().openFile("digits.json", test::readTextFile("web/data/digits-rows.json")).ok());
  driver.frames(2);
  EXPECT_FALSE(driver.shows("fit v"));
}

TEST(HeadOffer, IsThereOnThePhoneAndGoesWithTheData) {
  Driver driver("scenario=plane", 390, 844);
  ASSERT_TRUE(driver.lab().openFile("mine.json", kHeadless).ok());
  driver.frames(2);
  EXPECT_TRUE(driver.shows("v = difference of the label means"));
  driver.lab().loadAddress("scenario=plane");
  driver.frames(2);
  EXPECT_FALSE(driver.shows("fit v"));
}

TEST(HeadOffer, JsonMistakesAreStillNamedByTheCore) {
  const Result<Imported> broken =
      parseJson(R"({"format":"attention-svm-dataset","version":1,"X":[[[1,2],[3]]],"y":[1]})");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error(), "X[0][1]: expected 2 numbers, found 1");
  EXPECT_FALSE(parseJson("{\"X\": 3}").ok());
  EXPECT_FALSE(parseJson("[]").ok());
  EXPECT_FALSE(parseJson("").ok());
}

}  // namespace
}  // namespace attention_svm::shell
