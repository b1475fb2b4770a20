// SPDX-License-Identifier: MIT
#include "run_folder.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>

#include "attention_svm/json.h"
#include "figure.h"
#include "files.h"

namespace attention_svm::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kRequestFile = "experiment.json";
constexpr const char* kDrawsFile = "draws.csv";

bool sweeps(const Experiment& experiment) { return isSweep(experiment.spec().over); }

std::string cell(double number) { return std::isfinite(number) ? json::writeNumber(number) : std::string(); }

bool takeNumber(const char*& at, const char* end, double& number) {
  if (at == end || *at == ',') {
    number = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  const auto [next, error] = std::from_chars(at, end, number);
  at = next;
  return error == std::errc();
}

/// The numbers of a line; false when it has another shape.
bool takeNumbers(const std::string& text, std::vector<double>& numbers) {
  const char *at = text.data(), *end = at + text.size();
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    if (!takeNumber(at, end, numbers[k])) return false;
    const bool last = k + 1 == numbers.size();
    if (last ? at != end : at == end || *at++ != ',') return false;
  }
  return true;
}

Result<int> wholeNumber(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    return Error{"\"" + text + "\" is no whole number"};
  return value;
}

}  // namespace

DrawRange drawsOf(const RunRequest& request) {
  const long all = static_cast<long>(request.last) - request.first + 1;
  const auto part = [&](int k) { return request.first + static_cast<int>(all * k / request.shard.count); };
  return {part(request.shard.index - 1), part(request.shard.index)};
}

Result<DrawRange> parseDraws(const std::string& text) {
  const std::size_t dots = text.find("..");
  const Error expected{"--draws: expected first..last, such as 0..999, found \"" + text + "\""};
  if (dots == std::string::npos) return expected;
  const Result<int> first = wholeNumber(text.substr(0, dots)), last = wholeNumber(text.substr(dots + 2));
  if (!first || !last || last.value() < first.value() || last.value() > 1'000'000'000) return expected;
  return DrawRange{first.value(), last.value() + 1};
}

Result<Shard> parseShard(const std::string& text) {
  const std::size_t slash = text.find('/');
  const Error expected{"--shard: expected i/k with i from 1 to k, such as 3/8, found \"" + text + "\""};
  if (slash == std::string::npos) return expected;
  const Result<int> index = wholeNumber(text.substr(0, slash)), count = wholeNumber(text.substr(slash + 1));
  if (!index || !count || index.value() < 1 || index.value() > count.value()) return expected;
  return Shard{index.value(), count.value()};
}

std::string toJson(const RunRequest& request) {
  json::Object object{{"format", "attention-svm-run"},
                      {"version", 1},
                      {"experiment", toText(request.spec)},
                      {"draws", json::Array{request.first, request.last}}};
  if (request.shard.count > 1)
    object.emplace_back("shard", json::Array{request.shard.index, request.shard.count});
  return json::write(object) + "\n";
}

Result<RunRequest> readRequest(const fs::path& folder) {
  const Result<std::string> text = readFile(folder / kRequestFile);
  if (!text) return Error{text.error()};
  const Error broken{(folder / kRequestFile).string() + " is not what a run writes"};
  const Result<json::Value> parsed = json::parse(text.value());
  if (!parsed || parsed.value().find("experiment") == nullptr) return broken;
  const std::string* experiment = parsed.value().find("experiment")->string();
  if (experiment == nullptr) return broken;
  const Result<ExperimentSpec> spec = parseExperiment(*experiment);
  if (!spec) return Error{(folder / kRequestFile).string() + ": " + spec.error()};
  RunRequest request;
  request.spec = spec.value();
  const auto pair = [&](const char* name, int& a, int& b) {
    const json::Value* value = parsed.value().find(name);
    if (value == nullptr || value->array() == nullptr || value->array()->size() != 2) return false;
    const double *x = (*value->array())[0].number(), *y = (*value->array())[1].number();
    if (x == nullptr || y == nullptr) return false;
    a = static_cast<int>(*x);
    b = static_cast<int>(*y);
    return true;
  };
  if (!pair("draws", request.first, request.last)) return broken;
  pair("shard", request.shard.index, request.shard.count);
  if (request.last < request.first || request.shard.index < 1 || request.shard.index > request.shard.count)
    return broken;
  return request;
}

std::string headerLine(const Experiment& experiment) {
  std::string text = sweeps(experiment) ? experiment.result().xName + ",draw,enters" : "draw,enters";
  for (const std::string& name : experiment.columns()) text += "," + name;
  return text;
}

std::string line(const Experiment& experiment, const ExperimentRow& row) {
  std::string text;
  if (sweeps(experiment)) text = json::writeNumber(experiment.spec().values[row.value]) + ",";
  text += std::to_string(row.draw) + (row.enters ? ",1" : ",0");
  for (const double number : row.numbers) text += "," + cell(number);
  return text;
}

RowName rowAt(const Experiment& experiment, DrawRange draws, long index) {
  const auto values = static_cast<long>(experiment.values());
  return {static_cast<std::size_t>(index % values), draws.begin + static_cast<int>(index / values)};
}

Result<long> takeUp(const fs::path& folder, const Experiment& experiment) {
  const fs::path path = folder / kDrawsFile;
  if (!fs::exists(path)) return 0L;
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{"cannot read " + path.string()};
  std::string text;
  long lines = -1;  // the header is none
  std::uintmax_t whole = 0;
  while (std::getline(file, text) && !file.eof()) {
    if (lines < 0 && text != headerLine(experiment))
      return Error{path.string() + ": line 1: expected \"" + headerLine(experiment) + "\""};
    ++lines;
    whole += text.size() + 1;
  }
  file.close();
  if (lines < 0) return Error{path.string() + ": the first line is missing"};
  std::error_code error;
  fs::resize_file(path, whole, error);
  if (error) return Error{"cannot write " + path.string() + ": " + error.message()};
  return lines;
}

std::string addRows(const fs::path& folder, const RunRequest& request, Experiment& experiment) {
  const fs::path path = folder / kDrawsFile;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::getline(file, text);
  if (!file || text != headerLine(experiment))
    return path.string() + ": line 1 is not that of this experiment";
  const std::size_t before = sweeps(experiment) ? 3 : 2;
  std::vector<double> numbers(before + experiment.columns().size());
  const DrawRange draws = drawsOf(request);
  const long rows = static_cast<long>(draws.end - draws.begin) * static_cast<long>(experiment.values());
  for (long index = 0; std::getline(file, text); ++index) {
    const std::string place = path.string() + ": line " + std::to_string(index + 2);
    if (index >= rows) return place + ": more draws than were asked for";
    if (!takeNumbers(text, numbers))
      return place + ": expected " + std::to_string(numbers.size()) + " numbers";
    const RowName name = rowAt(experiment, draws, index);
    ExperimentRow row{name.value,
                      name.draw,
                      numbers[before - 1] == 1.0,
                      {numbers.begin() + static_cast<std::ptrdiff_t>(before), numbers.end()}};
    if (numbers[before - 2] != row.draw) return place + ": expected draw " + std::to_string(row.draw);
    experiment.add(row);
  }
  return {};
}

std::string summarize(const fs::path& folder, const RunRequest& request) {
  Experiment experiment = Experiment::create(request.spec).value();
  if (std::string problem = addRows(folder, request, experiment); !problem.empty()) return problem;
  const ExperimentResult result = experiment.result();
  std::string problem = writeFile(folder / "summary.csv", toCsv(result));
  if (problem.empty()) problem = writeFile(folder / "summary.txt", toText(result));
  for (const Figure& figure : figuresOf(result))
    if (problem.empty()) problem = writeFile(folder / (figure.name + ".svg"), figure.svg);
  return problem;
}

}  // namespace attention_svm::cli
