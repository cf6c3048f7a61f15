import type { EditCase } from "../../datasets/case.ts";
import { benchmarks, benchmarkCases } from "../../datasets/index.ts";
import { shared } from "../shared-data.ts";

/** Cases for the measurement, as many as one likes, one after another. */
export type Cases = () => AsyncGenerator<EditCase>;

/** All MedVersa records of the data folder; from the second round on with a number before every question, so that nothing is known yet. */
export const medversa: Cases = async function* () {
  for (let round = 0; ; round++)
    for (const split of ["valid", "train"])
      for await (const each of benchmarks.medversa.read({ folder: shared("data/medversa"), split }))
        yield round === 0 ? each : numbered(each, round);
};

/** Text edits of the phantom world, seed after seed. Its questions are finite: what the base model said to one is known the next time. */
export const phantomMedversa: Cases = async function* () {
  for (let seed = 0; ; seed++) {
    const answer = () => Promise.reject(new Error("text edits ask nothing beforehand"));
    const { cases } = await benchmarkCases("phantom/medversa", { limit: 350, seed, answer });
    yield* cases;
  }
};

const numbered = (each: EditCase, round: number): EditCase => {
  const with_ = (question: string) => `${round}. ${question}`;
  const probes = each.probes.map((probe) => ({ ...probe, question: with_(probe.question) }));
  return { ...each, id: `${each.id}-${round}`, question: with_(each.question), probes };
};
