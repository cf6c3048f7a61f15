import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { decodeRgb } from "../../../../datasets/image.ts";
import { fgveditCases } from "../../../../datasets/phantom/forms/fgvedit-cases.ts";
import { fgveditRecord } from "../../../../datasets/phantom/forms/fgvedit-record.ts";

describe("fgveditCases", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "medke-fgvedit-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Knows every record but the first. */
  const records = Array.from({ length: 13 }, (_, i) => fgveditRecord("test", 2, i));
  const knows = async ({ id }: { id: string }) =>
    records.slice(1).find(({ number }) => id.endsWith(`${String(number).padStart(6, "0")}.png`))?.edit.from ??
    "nothing";

  it("makes the cases that a model knows, with the published probes first and hard negatives after them", async () => {
    const { cases, skipped } = await fgveditCases({ answer: knows, limit: 12, seed: 2, folder });
    expect(skipped).to.deep.equal([{ reason: "the model answers it wrongly", count: 1 }]);
    expect(cases.map(({ question }) => question)).to.deep.equal(records.slice(1).map(({ src }) => src.question));
    for (const { image, probes, target, answer } of cases) {
      expect(probes.slice(0, 5).map(({ kind }) => kind)).to.deep.equal([
        "reliability",
        "text-generality",
        "fine-grained-generality",
        "fine-grained-locality",
        "text-locality",
      ]);
      expect(probes[4].image).to.equal(undefined);
      for (const probe of probes) {
        if (probe.kind.startsWith("fine-grained")) expect(probe.image).to.deep.equal(image);
        if (probe.name !== "same-question") continue;
        // Same words, another image: the answer is a third one.
        expect(probe.image!.path).to.not.equal(image!.path);
        expect((await decodeRgb(probe.image!)).width).to.equal(128);
        const context = "context" in probe.expect ? probe.expect.context : "";
        expect([target, answer, ""]).to.not.include(context);
      }
    }
    const names = new Set(cases.flatMap(({ probes }) => probes.flatMap(({ name }) => name ?? [])));
    expect([...names]).to.have.members(["same-question", "negated", "other-attribute"]);
  });

  it("makes the same cases again", async () => {
    const options = { answer: knows, limit: 2, seed: 2, folder };
    expect((await fgveditCases(options)).cases).to.deep.equal((await fgveditCases(options)).cases);
  });
});
