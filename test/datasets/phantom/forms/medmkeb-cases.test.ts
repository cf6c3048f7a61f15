import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { benchmarkCases, benchmarks } from "../../../../datasets/index.ts";
import { decodeRgb } from "../../../../datasets/image.ts";
import { MAX_INDEX } from "../../../../datasets/phantom/forms/splits.ts";
import { medmkebRecord } from "../../../../datasets/phantom/forms/medmkeb-record.ts";
import { SLOTS } from "../../../../datasets/phantom/forms/medmkeb-pictures.ts";
import { medmkeb } from "../../../../datasets/phantom/forms/medmkeb.ts";
import { UnknownNameError } from "../../../../kernels/errors.ts";

describe("benchmark phantom/medmkeb", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "medke-medmkeb-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Knows every record but the first. */
  const records = Array.from({ length: 8 }, (_, i) => medmkebRecord("test", 2, i));
  const knows = async (_: unknown, question: string) =>
    records.slice(1).find(({ src }) => src === question)?.pred ?? "nothing";

  it("makes the cases that a model knows, with every kind of probe, and draws no more pictures than they need", async () => {
    const options = { answer: knows, limit: 4, seed: 2, folder };
    const { cases, skipped } = await benchmarkCases("phantom/medmkeb", options);
    expect(skipped).to.deep.equal([{ reason: "the model answers it wrongly", count: 1 }]);
    expect(cases.map(({ id }) => id)).to.deep.equal(records.slice(1, 5).map(({ id }) => `phantom-medmkeb-2-${id}`));
    const refs = cases.flatMap(({ image, probes }) => [image!, ...probes.flatMap((probe) => probe.image ?? [])]);
    expect(await readdir(folder)).to.have.lengthOf(new Set(refs.map(({ path }) => path)).size + 1);
    for (const ref of refs) expect((await decodeRgb(ref)).width).to.equal(128);
    for (const each of cases) {
      expect(each.answer).to.not.equal(each.target);
      const kinds = each.probes.map(({ kind }) => kind);
      expect(kinds.slice(0, 5)).to.deep.equal(
        ["reliability", "text-generality", "image-generality", "text-locality", "image-locality"], // prettier-ignore
      );
      expect(kinds).to.include("fine-grained-locality");
    }
    const named = (kind: string) =>
      cases.flatMap(({ probes }) => probes.filter((probe) => probe.kind === kind).map(({ name }) => name));
    expect(named("robustness")).to.deep.equal(["symptom-confusion", "misleading-context"]);
    expect(named("image-locality")).to.include.members(["other-question", "same-question", "other-attribute"]);
    const again = await benchmarkCases("phantom/medmkeb", options);
    expect(again.cases).to.deep.equal(cases);
  });

  it("takes its cases from the split asked for, and offers the nearest name for another", async () => {
    const right = Array.from({ length: 1 }, () => medmkebRecord("train", 0, 0));
    const answer = async () => right[0].pred;
    const { cases } = await benchmarkCases("phantom/medmkeb", { answer, limit: 1, folder, split: "train" });
    expect(cases[0].split).to.equal("train");
    const error = await benchmarkCases("phantom/medmkeb", { answer, limit: 1, folder, split: "tset" }).catch((e) => e);
    expect(error).to.be.instanceOf(UnknownNameError);
    expect(error.message).to.contain('did you mean "test"?');
  });

  it("has room for the pictures of every record of a split", () => {
    for (const count of Object.values(medmkeb.counts)) expect(count * SLOTS).to.be.below(MAX_INDEX);
    expect(benchmarks["phantom/medmkeb"].summary).to.contain(String(medmkeb.counts.test));
  });
});
