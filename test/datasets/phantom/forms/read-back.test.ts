import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase, ImageRef, Probe } from "../../../../datasets/case.ts";
import { fgvedit } from "../../../../datasets/fgvedit/benchmark.ts";
import { mediconfusion } from "../../../../datasets/mediconfusion/benchmark.ts";
import { medmkeb } from "../../../../datasets/medmkeb/benchmark.ts";
import { medversa } from "../../../../datasets/medversa/benchmark.ts";
import { exportForm } from "../../../../datasets/phantom/forms/export.ts";
import { fgveditCases } from "../../../../datasets/phantom/forms/fgvedit-cases.ts";
import { fgvedit as fgveditForm } from "../../../../datasets/phantom/forms/fgvedit.ts";
import { phantomConfusionPairs } from "../../../../datasets/phantom/forms/mediconfusion-pairs.ts";
import { mediconfusion as mediconfusionForm } from "../../../../datasets/phantom/forms/mediconfusion.ts";
import { medmkebCases } from "../../../../datasets/phantom/forms/medmkeb-cases.ts";
import { medmkeb as medmkebForm } from "../../../../datasets/phantom/forms/medmkeb.ts";
import { medmkebRecord } from "../../../../datasets/phantom/forms/medmkeb-record.ts";
import { fgveditRecord } from "../../../../datasets/phantom/forms/fgvedit-record.ts";
import { medversaCases } from "../../../../datasets/phantom/forms/medversa-cases.ts";
import { medversa as medversaForm } from "../../../../datasets/phantom/forms/medversa.ts";
import { all } from "../../scratch-files.ts";
import { gridEncoder } from "./grid-encoder.ts";

const SEED = 3;
const COUNT = 3;

/** The bytes of a picture, by which those of an export and of the cache are compared: both are written alike. */
const bytes = async (image: ImageRef | undefined) => image && (await readFile(image.path)).toString("base64");

/** A probe by what a model is asked. */
const asked = async ({ image, kind, name, hop, question, expect }: Probe) => ({
  ...{ kind, name, hop, question, expect },
  image: await bytes(image),
});

const content = async ({ question, target, image, probes }: EditCase) => ({
  ...{ question, target },
  image: await bytes(image),
  probes: await Promise.all(probes.map(asked)),
});

/** Of each pair the first one of its cluster: the numbers of clusters are each reader's own. */
const sameCluster = (pairs: readonly { cluster: string }[]) =>
  pairs.map(({ cluster }) => pairs.findIndex((other) => other.cluster === cluster));

describe("exports of the phantom world, read back as published benchmarks", function () {
  this.timeout(120_000);
  let folder: string;
  let cache: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "medke-read-back-"));
    cache = join(folder, "cache");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("medmkeb: the same cases, attacks and hard negatives included", async () => {
    const out = join(folder, "medmkeb");
    await exportForm(medmkebForm, out, { seed: SEED, limit: COUNT });
    const reading = medmkeb.read({ folder: out, hardNegatives: true });
    const read = await all(reading);
    const records = Array.from({ length: COUNT }, (_, number) => medmkebRecord("test", SEED, number));
    let next = 0;
    const made = await medmkebCases({
      limit: COUNT,
      seed: SEED,
      folder: cache,
      answer: async () => records[next++].pred,
    });
    expect(made.cases).to.have.lengthOf(COUNT);
    expect(await Promise.all(read.map(content))).to.deep.equal(await Promise.all(made.cases.map(content)));
    expect(read.map(({ answer }) => answer)).to.deep.equal(made.cases.map(({ answer }) => answer));
    expect(read.map(({ meta }) => meta.edit_family)).to.deep.equal(made.cases.map(({ meta }) => meta.family));
    expect([reading.notes, reading.skipped]).to.deep.equal([[], []]);
    for (const split of ["train", "attack", "validation"])
      expect((await all(medmkeb.read({ folder: out, split }))).length, split).to.be.greaterThan(0);
    const report = await medmkeb.validate(out);
    expect(report.unresolved.map(({ count }) => count)).to.deep.equal(report.unresolved.map(() => 0));
    expect(report.checks.find(({ id }) => id === "attack-without-edit")!.found).to.equal(0);
    expect([report.set, report.verdict, report.reasons]).to.deep.equal(["phantom", "phantom export", []]);
    // Also from a folder or a file within it; without its images the verdict says so.
    expect((await medmkeb.validate(join(out, "data", "train_data.json"))).set).to.equal("phantom");
    await rm(join(out, "README.md"));
    expect((await medmkeb.validate(out)).set, "only its data card tells").to.equal("another");
  });

  it("fgvedit: the same cases but for the hard negatives, which its fields have no place for", async () => {
    const out = join(folder, "fgvedit");
    await exportForm(fgveditForm, out, { seed: SEED, limit: COUNT });
    const reading = fgvedit.read({ folder: out });
    const read = await all(reading);
    const records = Array.from({ length: COUNT }, (_, number) => fgveditRecord("test", SEED, number));
    let next = 0;
    const made = await fgveditCases({
      limit: COUNT,
      seed: SEED,
      folder: cache,
      answer: async () => records[next++].edit.from,
    });
    // The order of the probes is each reader's own.
    const sorted = async (made: EditCase) => {
      const probes = made.probes.filter(({ name }) => name === undefined).sort((a, b) => a.kind.localeCompare(b.kind));
      return content({ ...made, probes });
    };
    expect(await Promise.all(read.map(sorted))).to.deep.equal(await Promise.all(made.cases.map(sorted)));
    expect([reading.notes, reading.skipped]).to.deep.equal([[], []]);
    const { unresolved, verdict } = await fgvedit.validate(out);
    expect([unresolved.map(({ count }) => count), verdict]).to.deep.equal([[0], "phantom export"]);
    const elsewhere = await fgvedit.validate(out, { images: join(folder, "elsewhere") });
    expect(elsewhere.verdict).to.equal("phantom export, images missing");
  });

  it("medversa: the same cases, with the probes that its fields have a place for", async () => {
    const out = join(folder, "medversa");
    await exportForm(medversaForm, out, { seed: SEED, limit: COUNT });
    const read = await all(medversa.read({ folder: out, split: "test" }));
    const { cases } = await medversaCases({ limit: COUNT, seed: SEED, answer: () => Promise.resolve("") });
    const published = ({ probes }: EditCase) =>
      probes
        .filter(({ name }) => name === undefined || name === "unrelated")
        .map(({ kind, question, expect }) => ({ kind, question, expect }));
    expect(read.map(published)).to.deep.equal(cases.map(published));
    expect(read.map(({ target, answer }) => [target, answer])).to.deep.equal(
      cases.map(({ target, answer }) => [target, answer]),
    );
    expect((await medversa.validate(out)).verdict).to.equal("phantom export");
  });

  it("mediconfusion: the same pairs from either file, with their pictures", async () => {
    const out = join(folder, "mediconfusion");
    await exportForm(mediconfusionForm, out, { seed: SEED, limit: COUNT, encode: gridEncoder });
    const made = await all(phantomConfusionPairs({ seed: SEED, count: COUNT, folder: cache, encode: gridEncoder }));
    for (const split of ["test", "csv"]) {
      const reading = mediconfusion.readPairs({ folder: out, split });
      const read = await all(reading);
      expect(read).to.have.lengthOf(COUNT);
      for (const [i, pair] of read.entries()) {
        const { question, options, answers, categories, captions, draft } = made[i];
        expect(pair).to.deep.include({ question, options, answers, categories, captions, draft });
        expect(pair.similarity.encoder).to.be.closeTo(made[i].similarity.encoder, 1e-7);
        expect(await Promise.all(pair.images.map(bytes))).to.deep.equal(await Promise.all(made[i].images.map(bytes)));
      }
      expect(sameCluster(read)).to.deep.equal(sameCluster(made));
      expect([reading.notes, reading.skipped]).to.deep.equal([[], []]);
    }
    const report = await mediconfusion.validate(out);
    expect(report.unresolved.map(({ count }) => count)).to.deep.equal([0, 0]);
    expect(report.checks.find(({ id }) => id === "files-differ")!.found).to.equal(0);
    expect([report.verdict, report.reasons]).to.deep.equal(["phantom export", []]);
  });
});
