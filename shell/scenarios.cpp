// SPDX-License-Identifier: MIT
#include "scenarios.h"

#include "settings/address.h"

namespace attention_svm::shell {

// Written at build time from web/data/ by script/embed-text.
extern const char kDigitsRows[];
extern const char kPlaneThree[];
extern const char kPlaneFive[];
extern const char kMlpKept[];

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> table = {
      {"plane",
       "One token wins: W against (K, Q)",
       "Two sequences of five tokens in the plane. Attention looks for each sequence in a direction W z: the "
       "arrows. Training turns the arrows until they lie on the dashed rays, the solution of a support "
       "vector "
       "machine that nobody told it about. W goes to the SVM of least Frobenius norm; its factors K and Q, "
       "trained instead, go to the one of least nuclear norm.",
       "data=plane-5&W0=0.23971419827903429,-0.16822145640957575,0.4793847525838597,0.6070538171617437&speed="
       "2"
       "&plots=geometry,convergence,attention,loss",
       {{"Train K and Q instead of W", "param=KQ&opt=normalized-gd-growing&W0="},
        {"Both in one picture", "compare=param=KQ,opt=normalized-gd-growing,W0="},
        {"Three tokens instead of five", "data=plane-3&W0="}}},
      {"separating-lines",
       "Separating lines",
       "For each sequence the SVM draws a line across the direction W z. On one side lies the selected "
       "token, "
       "on the other all the rest, and the band between them is as wide as it can be for all sequences at "
       "once, because they share one W. Tokens on the edge of the band are the support tokens. Drag a token "
       "and see which of them matter.",
       "data=plane-3&speed=2&plots=geometry,margins,scores,convergence",
       {{"Five tokens", "data=plane-5"},
        {"Another start", "trainseed=7"},
        {"Nuclear norm", "param=KQ&opt=normalized-gd-growing"}}},
      {"local-optima",
       "A local optimum that holds",
       "The star marks the token with the highest score in each sequence. From this start, training settles "
       "on another choice and stays: every support token of that choice has a lower score, so no small step "
       "helps. The paper calls it locally optimal and proves that such directions attract. Other starts "
       "reach "
       "the global one. Ask for all locally optimal selections to see how many there are.",
       "data=random&n=2&T=4&d=2&seed=5&trainseed=1&speed=2&plots=geometry,attention,scores,convergence",
       {{"Show all locally optimal selections", "basins"},
        {"A start that reaches the global one", "trainseed=2"},
        {"Six starts over each other",
         "compare=trainseed=2;trainseed=3;trainseed=4;trainseed=5;trainseed=6"}}},
      {"self-attention",
       "Self-attention",
       "Here no query comes with the data: the first token of each sequence is its own query, and it is also "
       "one of the tokens that can be selected. Nothing else changes. The SVM has the same form with z = x₁.",
       "data=random&n=3&T=5&d=2&seed=91&self=1&speed=2&plots=geometry,attention,convergence,margins",
       {{"More dimensions", "d=6"}, {"Every token asks", "every=1"}, {"Another seed", "seed=28"}}},
      {"ten-dimensions",
       "Ten dimensions",
       "Six sequences of eight tokens in ten dimensions, as in the paper's experiment on local convergence. "
       "The picture shows the plane in which the tokens vary most; the other plots need no projection. With "
       "d at least max(T − 1, n) almost every selection can be separated.",
       "data=random&n=6&T=8&d=10&seed=3&speed=5&plots=geometry,convergence,attention,singular-values",
       {{"Five starts", "compare=trainseed=2;trainseed=3;trainseed=4;trainseed=5"},
        {"W and (K, Q)", "compare=param=KQ,opt=normalized-gd-growing"},
        {"Too few dimensions", "d=3"}}},
      {"low-rank",
       "The nuclear norm keeps the rank low",
       "The product K Qᵀ can be any matrix, yet training K and Q goes to the SVM of least nuclear norm, the "
       "sum of singular values. Least sums have many zeros: most singular values stay far behind the first "
       "few. Compare the lines of the trained product with the dashed levels of the two solutions.",
       "data=random&n=10&T=5&d=10&seed=1&param=KQ&opt=normalized-gd-growing&speed=5&plots=singular-values,"
       "convergence,attention,"
       "geometry",
       {{"Train W for comparison", "compare=param=W"},
        {"Inner size m = 2", "m=2"},
        {"More sequences", "n=15&d=15"}}},
      {"mlp-head",
       "A bent head keeps several tokens",
       "A linear head is served best by a single token. This one is a small neural network, and some "
       "sequences do better with a mixture: several tokens keep their share of attention for ever. W then "
       "splits into a finite part, which sets the proportions, and a growing max-margin part, which drives "
       "the other tokens out. Only both together match the trained W.",
       "data=mlp-kept&W0="
       "-0.10787962018108349,0.25964681425108643,-0.0817859048979146,-0.15535445046883434,0.34058287068"
       "07447,0.3383142036890749,-0.11014718416499075,0.3732832872980973,-0.3401082349785898,0.27248702"
       "163249744,0.30856433384114496,0.030919749487834935,0.18087857628140253,-0.2618441404216004,0.02"
       "8298857833381152,0.15225229781911892,-0.06748340304708378,-0.019920076122625197,0.3769986142402"
       "268,0.19410652778505094,0.13625810626577534,0.011740068069428844,-0.26670910712023077,0.2913316"
       "551958787,0.0018538649181202294,0.34185464130572,0.038258748190030056,-0.031110866603855536,0.2"
       "4790252700386012,-0.3815496151654751,-0.3224637765305325,0.3410677227998122,-0.2625402261571395"
       "7,-0.022572386457030413,0.1504438095957243,0.002278690772942682"
       "&grad=plain&speed=5&plots=attention,convergence,geometry,loss",
       {{"Another start", "W0=&trainseed=3"},
        {"Smaller steps", "eta=0.02"},
        {"Random data", "data=random&n=3&T=4&d=6&head=mlp&W0="}}},
      {"quadratic-head",
       "A quadratic head and λ",
       "The head vᵀo − λ‖o‖² punishes long outputs. With λ = 0 it is linear and one token wins; as λ grows, "
       "averages of several tokens are shorter and score better, and more tokens stay.",
       "data=random&n=4&T=5&d=6&seed=3&head=quadratic&lambda=1&eta=0.02&speed=5&plots=attention,convergence,"
       "geometry,loss",
       {{"λ = 0", "lambda=0"}, {"λ = 0.3", "lambda=0.3"}, {"λ = 4", "lambda=4"}}},
      {"regularization-path",
       "The regularization path",
       "Instead of training for ever, bound the norm of W and find the best W inside. As the bound R grows, "
       "the direction of W turns to the SVM: the Frobenius ball leads to the Frobenius solution, the nuclear "
       "ball to the nuclear one. Each point carries the residual that says how nearly it is stationary.",
       "data=plane-5&speed=2&plots=path,geometry,convergence,attention",
       {{"Compute the path in the Frobenius ball", "path"},
        {"Compute the path in the nuclear ball", "path-nuclear"},
        {"Ten dimensions", "data=random&n=6&T=8&d=10&seed=3"}}},
      {"causal",
       "Every token asks, and sees only the past",
       "Each token of a sequence is a query of its own, and with the causal mask it sees only itself and the "
       "tokens before it. Every query has its own best token. The SVM separates them all at once, with one "
       "constraint for each query and each visible other token.",
       "data=random&n=2&T=4&d=6&seed=1&self=1&every=1&causal=1&speed=2&plots=attention,convergence,margins,"
       "geometry",
       {{"Without the mask", "causal=0"},
        {"Longer sequences", "T=6&d=8"},
        {"Train K and Q", "param=KQ&opt=normalized-gd-growing"}}},
      {"infeasible",
       "When nothing separates",
       "Three sequences in only two dimensions: no matrix puts the best token of every sequence in front. "
       "The "
       "proof is a certificate, the bars: weights a ≥ 0 with sum 1 for which the constraints cancel, "
       "Σ aₖ Aₖ = 0. Training still turns to tokens, those of another choice that can be separated. Drag a "
       "token and see the bars vanish when a solution appears.",
       "data=random&n=3&T=4&d=2&seed=113&speed=2&plots=geometry,certificate,margins,scores",
       {{"One dimension more", "d=3"}, {"Many more sequences", "n=12"}, {"Ten dimensions", "d=10"}}},
      {"vanishing-gradients",
       "Vanishing gradients",
       "In double precision the plain gradient dies near 1e-16, and with it the convergence: the curve "
       "freezes, and rounding may even decide the outcome. Written in the log domain, with the largest "
       "weight "
       "factored out, the same gradient keeps its direction for ever, and the curve goes on falling.",
       "data=random&n=6&T=8&d=10&seed=3&grad=log-domain&compare=grad=plain&speed=20&plots=convergence,loss,"
       "attention,geometry",
       {{"Only the plain gradient", "compare=&grad=plain"},
        {"Smaller steps", "eta=0.03"},
        {"(K, Q)", "param=KQ&compare=grad=plain"}}},
      {"published-curve",
       "What draws the published curve",
       "Four times the same start of K and Q. As published, the gradient is the plain one, and a ridge of "
       "2⁻⁵² (‖K‖² + ‖Q‖²) stands beside the loss. After some 150 steps the loss's own gradient is smaller "
       "than that: what follows is the regularization path. Without the ridge, rounding leads soon. The "
       "exact "
       "gradient, in the log domain, creeps with steps of constant length; with growing steps it arrives.",
       "data=random&n=6&T=8&d=10&seed=3&param=KQ&opt=normalized-gd&grad=plain&compare=ridge=0;"
       "grad=log-domain;opt=normalized-gd-growing,grad=log-domain&speed=10&plots=convergence,loss,"
       "singular-values,attention",
       {{"Only as published", "compare="},
        {"W instead of K and Q", "param=W&compare=grad=log-domain;opt=normalized-gd-growing,grad=log-domain"},
        {"Another start", "trainseed=2"}}},
      {"three-conditions",
       "Three conditions for the global direction",
       "When does training reach the best selection? (a) All other tokens of each sequence have equal "
       "scores. "
       "(b) Already the first gradient step favours every best token. (c) There are at least as "
       "many dimensions as other tokens and as sequences: a solution then exists, and reaching it is "
       "likely, not certain. Open \"why\" beside the verdict: the lab checks the three on this very data. "
       "The paper's theorems assume more than these, so a check is no promise for one run.",
       "data=random&n=4&T=4&d=12&seed=2&speed=5&plots=scores,attention,convergence,geometry",
       {{"Two dimensions", "d=2"},
        {"Another start", "trainseed=4"},
        {"More sequences than dimensions", "n=14"}}},
      {"mirror-descent",
       "Mirror descent, other norms",
       "Gradient descent prefers the Frobenius norm because it measures steps that way. Mirror descent with "
       "the potential ‖W‖^p (entrywise) measures them otherwise and goes to the SVM of least ℓp norm: p "
       "below 2 favours "
       "few large entries, p above 2 many small ones. p = 2 is gradient descent itself.",
       "data=random&n=4&T=5&d=6&seed=2&opt=normalized-mirror&p=3&speed=5&plots=convergence,geometry,"
       "attention,loss",
       {{"p = 1.75", "p=1.75"}, {"p = 2", "p=2"}, {"p = 3", "p=3"}}},
      {"optimizers",
       "Choose an optimizer: it chooses a norm",
       "One dataset, one start, six optimizers. Each makes steps that are short in a norm of its own, and "
       "each "
       "goes towards the largest margin in just that norm: the table says how much of it every run has, in "
       "all norms. Solutions in the ℓ1, operator and ℓ∞ norm are not unique, so margins are compared, not "
       "directions. Adam stands beside sign descent, which is its limit; no theorem names a norm for it "
       "here.",
       "data=random&n=4&T=5&d=6&seed=2&opt=normalized-gd&compare=param=KQ,opt=normalized-gd-growing;"
       "opt=sign-descent;opt=spectral-descent;opt=coordinate-descent;opt=adam&speed=10&plots=norms,"
       "margin-ratio,attention,loss",
       {{"Another dataset", "seed=5"},
        {"Smaller steps", "eta=0.03"},
        {"Ten dimensions, eight tokens", "n=6&T=8&d=10"},
        {"A hundred datasets", "compare=&experiment=optimizers-and-norms&plots=experiment"}}},
      {"digits",
       "Handwritten digits, rows as tokens",
       "Sixteen real images of a 3 or an 8; the tokens of an image are its eight rows of pixels. Attention "
       "decides which row tells the two digits apart. The bar beside each row is its share of attention, and "
       "the frame marks the selected one.",
       "data=digits&speed=5&plots=images,convergence,attention,scores",
       {{"Train K and Q", "param=KQ&opt=normalized-gd-growing"},
        {"Another start", "trainseed=5"},
        {"Bigger steps", "eta=0.5"}}},
      {"many-starts",
       "Experiment: a hundred runs",
       "One run may be luck. Here a hundred random datasets and starts run in the background, with W trained "
       "in "
       "one copy and K and Q in another, and each is measured against the SVM of the tokens that it selects. "
       "The "
       "lines are medians, the bands hold the middle half of the runs. Below: the largest probability in a "
       "sequence, which goes to 1 while attention settles on one token.",
       "data=random&n=6&T=8&d=10&seed=3&experiment=local-convergence&speed=5&plots=experiment",
       {{"As published, with the plain gradient", "experiment=local-convergence,grad=plain"},
        {"Ten runs only", "experiment=local-convergence,runs=10"},
        {"Six thousand steps", "experiment=local-convergence,steps=6000,runs=40"}}},
      {"global-or-local",
       "Experiment: global or only local?",
       "How often does training reach the best selection, and how often does it stay at one that is only "
       "locally "
       "optimal? For each dimension d a hundred random datasets are trained from random starts. With many "
       "dimensions almost every run is global; with few, some data cannot even be separated. The bands are "
       "95 % "
       "intervals of the shares.",
       "data=random&n=4&T=6&d=4&seed=2&experiment=global-or-local&speed=5&plots=experiment",
       {{"Over the number of tokens T", "experiment=global-or-local,d=8,over=T,values=2:3:4:6:8:12:16"},
        {"Over the number of sequences n", "experiment=global-or-local,d=8,over=n,values=1:2:3:4:6:8:12"},
        {"Fewer runs", "experiment=global-or-local,runs=20"}}},
      {"rank",
       "Experiment: the rank of the two solutions",
       "Fifteen sequences of five tokens. The solution of least Frobenius norm has all the rank it may have, "
       "min(n, d); the one of least nuclear norm needs only four or five. The published figure shows it "
       "almost "
       "full, as happens when a loosely solved problem is counted with a tight threshold: the third line "
       "does "
       "just that. At small d no data is feasible, which is not rank 1 but no rank at all.",
       "data=random&n=15&T=5&d=20&seed=1&param=KQ&experiment=rank&speed=5&plots=experiment",
       {{"Five sequences", "experiment=rank,n=5"},
        {"Five sequences of fifteen tokens", "experiment=rank,n=5,T=15"},
        {"Ten sequences", "experiment=rank,n=10"}}},
      {"several-tokens",
       "Experiment: several tokens stay",
       "Under an MLP head some sequences keep several tokens. Each run is compared with three directions: "
       "the "
       "growing part W_mm alone, the finite and the growing part together, and the SVM of the one leading "
       "token. "
       "As in the paper only runs enter whose probabilities have settled. The finite part never hurts, and "
       "where "
       "several tokens stay the SVM of one token is far off.",
       "data=mlp-kept&experiment=several-tokens&grad=plain&speed=5&plots=experiment",
       {{"A hundred runs only", "experiment=several-tokens,runs=100"},
        {"Over the iterations, d = 4", "experiment=several-tokens,over=iteration,d=4,runs=100"},
        {"Longer training", "experiment=several-tokens,runs=100,steps=8000"},
        {"More sequences", "experiment=several-tokens,n=5,runs=100"}}},
      {"optimizers-and-norms",
       "Experiment: every optimizer has its norm",
       "A hundred random datasets, six optimizers on each. A cell is the median share of the largest margin "
       "in "
       "the norm of the column, with the quartiles below. Each steepest descent has its largest share in its "
       "own norm, K and Q in the nuclear one. Adam's row shows what Adam does with steps of constant length.",
       "data=random&n=4&T=5&d=6&seed=2&experiment=optimizers-and-norms&speed=5&plots=experiment",
       {{"Ten datasets only", "experiment=optimizers-and-norms,runs=10"},
        {"Longer training", "experiment=optimizers-and-norms,runs=30,steps=20000"},
        {"Small steps", "experiment=optimizers-and-norms,runs=30,eta=0.01"}}},
      {"lambda-sweep",
       "Experiment: kept tokens over λ",
       "The head vᵀo − λ‖o‖² prefers short outputs, and averages of tokens are short. At λ = 0 the head is "
       "linear "
       "and one token wins in every sequence. As λ grows more and more tokens keep a share, up to nearly all "
       "of "
       "them. Below: how many runs have settled, which takes long when tokens are nearly worth keeping.",
       "data=random&n=4&T=5&d=6&seed=3&head=quadratic&lambda=1&eta=0.02&experiment=quadratic-head&speed=5"
       "&plots=experiment",
       {{"Train four times as long", "experiment=quadratic-head,steps=16000,runs=40"},
        {"Ten tokens, not orthogonal", "experiment=quadratic-head,T=10"},
        {"Twenty dimensions", "experiment=quadratic-head,d=20"}}},
  };
  return table;
}

const Scenario* findScenario(const std::string& id) {
  for (const Scenario& scenario : scenarios())
    if (id == scenario.id) return &scenario;
  return nullptr;
}

Settings scenarioSettings(const std::string& id) {
  const Scenario* scenario = findScenario(id);
  if (scenario == nullptr) scenario = &scenarios().front();
  Settings settings;
  settings.scenario = scenario->id;
  applyFields(settings, splitFields(scenario->fields));
  return settings;
}

const char* presetJson(const std::string& name) {
  if (name == "plane-3") return kPlaneThree;
  if (name == "plane-5") return kPlaneFive;
  if (name == "digits") return kDigitsRows;
  if (name == "mlp-kept") return kMlpKept;
  return nullptr;
}

std::string presetNames() { return "plane-3, plane-5, digits, mlp-kept"; }

}  // namespace attention_svm::shell
