// SPDX-License-Identifier: MIT
// Datasets in other people's formats: CSV in long form and NumPy files, beside our own JSON.
#pragma once

#include <string>

#include "attention_svm/budget.h"
#include "attention_svm/json.h"

namespace attention_svm::shell {

/// What a file holds. A file without a head leaves v to the reader, who is offered two ways (HeadChoice).
struct Imported {
  Dataset dataset;  ///< without a head of its own: a linear one, v = 0
  bool hasHead = true;
};

/// Chooses the reader by the ending of the name. What does not fit the budget is refused before room is made
/// for it.
Result<Imported> importDataset(const std::string& name, const std::string& bytes, const Budget& budget = {});

/// Our own format, but the head may be missing.
Result<Imported> parseJson(const std::string& text, const Budget& budget = {});
/// The text of any of our formats as a value, within the budget.
Result<json::Value> readJson(const std::string& text, const Budget& budget);

/// Columns: sequence, token, role (token, query or head), x1 ... xd, label. One line for each vector.
/// Commas, semicolons or tabs; quotes, CRLF, a byte order mark and lines that begin with # are understood.
Result<Imported> parseCsv(const std::string& text, const Budget& budget = {});

/// .npz with X (n, T, d) and, if there, Z (n, d), y (n), v (d); or a .npy of X alone.
Result<Imported> parseNumpy(const std::string& name, const std::string& bytes, const Budget& budget = {});

/// Ways to get the v of a linear head from labels and mean tokens; both of unit length.
enum class HeadChoice {
  Fitted,          ///< logistic regression of the labels on the mean tokens (ridge, Newton's method)
  MeanDifference,  ///< mean token of the sequences with y = +1 minus that of those with y = -1
};

/// A file without a head was opened: v was found one way, and the reader may choose the other.
struct HeadOffer {
  std::string file;
  HeadChoice choice = HeadChoice::Fitted;
  Vector fitted, difference;  ///< v both ways
};

/// n >= 1; a zero vector becomes the first axis.
Vector headFrom(HeadChoice choice, const Dataset& dataset);

}  // namespace attention_svm::shell
