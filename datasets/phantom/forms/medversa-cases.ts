import { random } from "../../../kernels/random.ts";
import { throwIfCancelled } from "../../../kernels/errors.ts";
import type { EditCase, Probe } from "../../case.ts";
import type { BenchmarkCases, CaseOptions } from "../../cases.ts";
import { recordSeed } from "../../record-seed.ts";
import type { Fact, Split } from "../knowledge/index.ts";
import { dividedFacts } from "./medversa-facts.ts";
import { type MedversaEdit, medversaEdits } from "./medversa-edits.ts";
import { type Consequence, consequences } from "./medversa-portability.ts";
import { promptsOf } from "./medversa-prompts.ts";
import { medversa } from "./medversa.ts";
import { exportSeed } from "./splits.ts";

/**
 * Text edits of the invented facts as edit cases, the records of `medversa/*.json` in file order with more probes: claims, paths of two
 * and three facts, and as hard negatives an unedited fact of the same head and one of the same relation. Nothing is read or rendered, and the
 * model is not asked beforehand: whether it knows a fact shows in the base values. Default split: test.
 *
 * Returns fewer cases where `limit` exceeds the exported split. Throws: ExportSeedError; CancelledError.
 */
export async function medversaCases(options: CaseOptions): Promise<BenchmarkCases> {
  const { limit, seed = 0, signal, onProgress } = options;
  const split = (options.split ?? "test") as Split;
  const edits = medversaEdits(split, seed).slice(0, Math.min(limit, medversa.counts[split]));
  const { kept } = dividedFacts(split);
  const cases = edits.map((edit, i) => {
    throwIfCancelled(signal, "phantom/medversa cases");
    const stream = random(recordSeed(exportSeed("medversa", split, seed, 1), edit.index));
    const near = (name: string, facts: Fact[]) => {
      if (facts.length === 0) return [];
      const fact = stream.pick(facts);
      return [unchanged(name, stream.pick(promptsOf(fact, split)).question, fact.tail)];
    };
    const { head, relation } = edit.fact;
    const made = toCase(edit, split, [
      unchanged("unrelated", edit.locality.question, edit.locality.answer),
      ...near(
        "same-head",
        kept.filter((fact) => fact.head === head),
      ),
      ...near(
        "same-relation",
        kept.filter((fact) => fact.relation === relation && fact.head !== head),
      ),
      ...consequences(edit, split, stream).map(portability),
    ]);
    onProgress?.(i + 1, edits.length);
    return made;
  });
  return { cases, skipped: [] };
}

const unchanged = (name: string, question: string, context: string): Probe => ({
  kind: "text-locality",
  name,
  question,
  expect: { unchanged: true, context },
});

const portability = ({ hop, name, question, answer }: Consequence): Probe => ({
  kind: "portability",
  hop,
  name,
  question,
  expect: { answer },
});

function toCase({ fact, index, prompt, rephrase, target }: MedversaEdit, split: Split, probes: Probe[]): EditCase {
  const wanted = (kind: "reliability" | "text-generality", question: string): Probe => ({
    kind,
    question,
    expect: { answer: target },
  });
  return {
    id: `phantom-medversa-${split}-${String(index).padStart(5, "0")}`,
    benchmark: "phantom/medversa",
    split,
    task: "edit-text",
    question: prompt.question,
    answer: fact.tail,
    target,
    probes: [wanted("reliability", prompt.question), wanted("text-generality", rephrase.question), ...probes],
    meta: { fact: fact.id, subject: fact.head, relation: fact.relation, template: prompt.template },
  };
}
