// SPDX-License-Identifier: MIT
// Real use of the declarations, compiled by tsc --strict and never run.
import createAttentionSvm, { correlation, type Dataset, type SvmSolution, type Trainer, type WordsFile } from "../../web/attention-svm.js";

export async function example(json: string): Promise<number> {
  const attention = await createAttentionSvm();
  const dataset: Dataset = attention.parseDataset(json);
  const trainer: Trainer = dataset.trainer({ parameterization: "W", optimizer: "normalized-gd", stepSize: 0.1, loss: "logistic" });
  trainer.step(1000);
  const svm: SvmSolution = dataset.solveSvm({ norm: "nuclear", tokens: trainer.selected() });
  const certificate: Float64Array | undefined = svm.certificate;
  const oneToken: number | null = trainer.decompose().correlation.oneToken;
  const points: { radius: number; loss: number; W: Float64Array }[] = dataset.regularizationPath({ norm: "frobenius", radii: [1, 2] });
  const words: Dataset = attention.textDataset("a b a b", { unit: "word", context: 4, embeddings: "random", d: 8, seed: 1 });
  const edges: [number, number][] = words.priorityGraph()[0].edges;
  const next: number[] = words.toJSON<WordsFile>().next;
  // @ts-expect-error an embedding of a file of words
  const wrong: number[] = words.toJSON<WordsFile>().vocabulary.E;
  // @ts-expect-error unknown norms are refused
  dataset.solveSvm({ norm: "l2" });
  dataset.delete();
  return correlation(trainer.W, svm.W) + (certificate?.length ?? 0) + (oneToken ?? 0) + points.length + edges.length + next.length + wrong.length;
}
