import { statSync } from "node:fs";
import { expect } from "chai";
import { type Benchmark, benchmarks } from "../../../datasets/index.ts";
import { unsafeName } from "../../../datasets/fetch/safe-path.ts";
import type { BenchmarkSource } from "../../../datasets/fetch/source.ts";
import { sources } from "../../../datasets/fetch/sources.ts";
import { fits, verifyFile } from "../../../datasets/fetch/verify.ts";
import { inScratch } from "../scratch-files.ts";
import { describeWithShared, shared } from "../../shared-data.ts";

const all = Object.entries<BenchmarkSource>(sources);

describe("sources", () => {
  for (const [name, { files, figures, byHand, licence, terms }] of all)
    it(`${name}: safe names, pinned addresses, whole digests or their first 16 digits, a licence`, () => {
      const names = [...files.map(({ to }) => to), ...byHand.flatMap(({ put }) => put.map(({ to }) => to))];
      expect(names.map(unsafeName).filter(Boolean)).to.deep.equal([]);
      expect(new Set(names.map((to) => to.toLowerCase())).size).to.equal(names.length);
      expect(licence).not.to.equal("");
      expect(terms).not.to.equal("");
      expect(files.length + byHand.length).to.be.greaterThan(0);
      for (const { from, sha256, bytes } of files) {
        expect(from).not.to.have.length(0);
        if (sha256 !== undefined) expect(sha256).to.match(/^([0-9a-f]{16}|[0-9a-f]{64})$/);
        if (bytes !== undefined) expect(bytes).to.be.greaterThan(0);
        for (const place of from) {
          expect(unsafeName(place.path)).to.equal(undefined);
          if (place.kind === "hub") continue;
          expect(place.commit).to.match(/^[0-9a-f]{40}$/);
          // Nothing else vouches for a file in a repository.
          expect(sha256).not.to.equal(undefined);
        }
      }
      if (figures) expect(files.map(({ to }) => to)).to.include(figures.manifest);
      for (const { from, put } of byHand) {
        expect(from).to.match(/^https:\/\//);
        expect(put).not.to.have.length(0);
      }
    });

  it("know every benchmark that needs files of the user's", () => {
    const needed = Object.entries(benchmarks).filter(([, { needsFolder }]) => needsFolder);
    expect(needed.map(([name]) => name).filter((name) => !Object.hasOwn(sources, name))).to.deep.equal([]);
  });

  /** Files beside the records, and those of MedCF that only MedCF++ reads. */
  const BESIDE = ["image_dict.json", "train_single.json", "test_single.json"];
  for (const [name, { files, byHand }] of all)
    it(`${name}: its files go where its reader looks for them`, () => {
      const placed = [...files, ...byHand.flatMap(({ put }) => put)].map(({ to }) => to);
      const records = placed.filter((to) => to.endsWith(".json"));
      return inScratch(Object.fromEntries(records.map((to) => [to, []])), async (folder) => {
        const report = await (benchmarks as Record<string, Benchmark>)[name].validate!(folder);
        const found = report.files.map(({ file }) => file);
        const missed = records.filter((to) => !found.includes(to));
        expect(found).not.to.have.length(0);
        expect(missed.filter((to) => name === "medcf++" || !BESIDE.includes(to))).to.deep.equal([]);
      });
    });

  const COPIES: [keyof typeof sources, string, string][] = [
    ["counterfact", "counterfact-edit.json", "counterfact/counterfact_edit.json"],
    ["medcf", "valid.json", "medcf/medcf_valid.json"],
    ["medcf", "test.json", "medcf/medcf_test.json"],
    ["medcf", "test_single.json", "medcf/medcf_test_single.json"],
    ["medfe", "test.json", "medfe/medfe_test.json"],
    ["medversa", "train.json", "medversa/medversa_train.json"],
    ["medversa", "valid.json", "medversa/medversa_valid.json"],
    ["mediconfusion", "dataset.json", "mediconfusion/dataset.json"],
    ["mediconfusion", "dataset.csv", "mediconfusion/dataset.csv"],
    ["mediconfusion", "image_dict.json", "mediconfusion/image_dict.json"],
    ["vlkeb", "eval.json", "vlkeb/eval.json"],
    ["vlkeb", "LICENSE.txt", "vlkeb/LICENSE.txt"],
  ];
  for (const [name, to, copy] of COPIES)
    describeWithShared(`${name}/${to} against the published file`, [`data/${copy}`], () => {
      it("pins its digest, and its size where it states one", async () => {
        const { files } = sources[name] as BenchmarkSource;
        const { sha256, bytes } = files.find((file) => file.to === to)!;
        const found = await verifyFile(shared("data", copy));
        expect(fits(found.sha256, sha256!)).to.equal(true);
        if (bytes !== undefined) expect(found.bytes).to.equal(bytes);
      });
    });

  describeWithShared("VQA-RAD", ["data/vqa-rad/images", "data/vqa-rad/trainset.json"], () => {
    it("pins the size and digest of all 314 images, and those of both files", async () => {
      const { files, byHand } = sources["vqa-rad"] as BenchmarkSource;
      expect(files).to.have.length(314);
      for (const { to, bytes } of files) expect(statSync(shared("data/vqa-rad", to)).size).to.equal(bytes);
      for (const { to, sha256 } of [...files.slice(0, 20), ...byHand[0].put])
        expect((await verifyFile(shared("data/vqa-rad", to), { sha256 })).mismatch).to.equal(undefined);
    });
  });
});
