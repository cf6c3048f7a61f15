import type { EditCase } from "../../../../datasets/case.ts";
import { protocolNamed } from "../../../../kernels/evaluation/protocols/index.ts";

/** A protocol's steps over cases as one word each: "e0" edits case 0, "e0+1" two in one call, "p0" probes it, "c" asks pairs, "b" sets the baseline, "|" restores. */
export async function stepsOf(spelt: string, cases: readonly EditCase[], seed = 0) {
  const skipped: string[] = [];
  const words: string[] = [];
  const number = ({ id }: EditCase) => id.slice(id.lastIndexOf("-") + 1);
  const stream = (async function* () {
    yield* cases;
  })();
  for await (const step of protocolNamed(spelt).steps(stream, { seed, skip: (reason) => skipped.push(reason) }))
    if (step.do === "edit") words.push(`e${step.cases.map(number).join("+")}`);
    else if (step.do === "probe") words.push(`p${number(step.case)}`);
    else words.push({ confuse: "c", baseline: "b", restore: "|" }[step.do]);
  return { steps: words.join(" "), skipped };
}
