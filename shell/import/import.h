// Datasets in other people's formats: CSV in long form and NumPy files, beside our own JSON.
#pragma once

#include <string>

#include "attention_svm/dataset.h"

namespace attention_svm::shell {

/// Chooses the reader by the ending of the name. Data without a head gets v by logistic regression of the
/// labels on the mean tokens.
Result<Dataset> importDataset(const std::string& name, const std::string& bytes);

/// Columns: sequence, token, role (token, query or head), x1 ... xd, label. One line for each vector.
Result<Dataset> parseCsv(const std::string& text);

/// .npz with X (n, T, d) and, if there, Z (n, d), y (n), v (d); or a .npy of X alone.
Result<Dataset> parseNumpy(const std::string& name, const std::string& bytes);

/// v of a linear head that predicts the labels from each sequence's mean token (ridge-regularized logistic
/// regression, Newton's method). n >= 1; a zero vector becomes the first axis.
Vector fitHead(const Dataset& dataset);

}  // namespace attention_svm::shell
