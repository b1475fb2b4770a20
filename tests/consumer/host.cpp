// SPDX-License-Identifier: MIT
// Uses the plugin without knowing the core.
extern "C" int tokensOfRandomData();

int main() { return tokensOfRandomData() == 8 ? 0 : 1; }
