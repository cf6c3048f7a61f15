import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { withoutTimes } from "../../kernels/evaluation/without-times.ts";
import type { Evaluation } from "../../kernels/evaluation/result.ts";
import { describeWithShared, shared } from "../shared-data.ts";
import { medke, ownWords, ROOT } from "./medke.ts";

const PHANTOM = resolve(ROOT, "kernels/models/phantom/weights");

describe("medke on the command line", () => {
  it("lists editors, benchmarks and models as JSON, each with one line of what it needs", async () => {
    for (const [what, id] of [
      ["editors", "ft-llm"],
      ["benchmarks", "vqa-rad"],
      ["models", "phantom"],
    ]) {
      const { code, stdout } = await medke([what, "--json"]);
      expect(code).to.equal(0);
      const entry = JSON.parse(stdout).find((each: { id: string }) => each.id === id);
      expect(entry.needs).to.match(/^[^\n]{10,}$/);
    }
  });

  it("names a MEDKE_DATA that leads nowhere, and says what to do", async () => {
    const empty = mkdtempSync(join(tmpdir(), "medke-none-"));
    const { code, stderr } = await medke(["models"], { env: { MEDKE_DATA: empty } });
    rmSync(empty, { recursive: true });
    expect(code).to.equal(1);
    expect(ownWords(stderr)).to.match(/^medke: MEDKE_DATA is ".*medke-none-.*Set MEDKE_DATA to a folder/);
  });

  const mistakes: [string, string[], RegExp][] = [
    ["an unknown command", ["evalute"], /^medke: unknown command "evalute"; did you mean "evaluate"\?/],
    [
      "an unknown option",
      ["evaluate", "--benchmrk", "x"],
      /^medke: unknown option "--benchmrk"; did you mean "--benchmark"\?/,
    ],
    ["a missing option", ["evaluate"], /^medke: --editor is missing\. Add for example --editor ft-llm\.$/],
    [
      "files for a benchmark that reads none",
      ["evaluate", "--data", "vqa-rad", "--editor", "ike"],
      /^medke: --data: phantom\/medmkeb reads no files\. Leave --data out, or name the benchmark/,
    ],
    [
      "an unknown editor",
      ["evaluate", "--editor", "ft-lm"],
      /^medke: unknown editor "ft-lm"; did you mean "ft-l"\? Known: adalora, .*ft-llm, /,
    ],
    [
      "a limit that is no number",
      ["evaluate", "--editor", "ike", "--limit", "ten"],
      /^medke: --limit "ten" is not a whole number of at least 1\./,
    ],
    [
      "a mistyped model",
      ["evaluate", "--model", "phantm", "--editor", "ike"],
      /^medke: unknown model "phantm"; did you mean "phantom"\?/,
    ],
    [
      "a missing model folder",
      ["evaluate", "--model", "no-model", "--editor", "ike"],
      /^medke: model folder "no-model": there is no such folder\. Give the path .* or the name of an embedded model: phantom\./,
    ],
    [
      "a protocol without its number",
      ["evaluate", "--editor", "ft-llm", "--protocol", "gap:"],
      /^medke: protocol "gap:": the number of edits in the gap is missing\. Write for example gap:10\.$/,
    ],
    [
      "a mistyped protocol",
      ["evaluate", "--editor", "ft-llm", "--protocol", "sequental"],
      /^medke: unknown protocol "sequental"; did you mean "sequential"\?/,
    ],
    [
      "a protocol that the editor does not take",
      ["evaluate", "--editor", "ike", "--protocol", "gap:10"],
      /^medke: protocol "gap:10" asks for .*, which ike does not do\. Take one of its protocols \(single(\[:official\])?, batch:N/,
    ],
    [
      "a mistyped split",
      ["evaluate", "--editor", "ike", "--split", "tets"],
      /^medke: unknown phantom\/medmkeb split "tets"; did you mean "test"\?/,
    ],
    [
      "a benchmark of confusion pairs",
      ["evaluate", "--benchmark", "phantom/mediconfusion", "--editor", "ike"],
      /^medke: --benchmark phantom\/mediconfusion: its records \(confusion-pairs\) hold no edits\. Ask them with medke confuse, or/,
    ],
    [
      "a folder of files that is not there",
      ["evaluate", "--benchmark", "medversa", "--data", "no/such", "--editor", "ike"],
      /^medke: --data no\/such: there is no such folder\. Pass the one that holds the files of medversa\.$/,
    ],
    ["a missing notebook", ["run", "none.ipynb"], /^medke: .*none\.ipynb/],
  ];
  for (const [what, args, message] of mistakes)
    it(`answers ${what} in one paragraph with exit code 1 and no stack`, async () => {
      const { code, stdout, stderr } = await medke(args);
      expect(code).to.equal(1);
      expect(stdout).to.equal("");
      expect(stderr.trim()).to.match(message);
      expect(stderr).to.not.match(/\n\s+at /);
    });

  it("says of files that are nowhere where it looked, and that medke fetch downloads them", async () => {
    const root = mkdtempSync(join(tmpdir(), "medke-none-"));
    for (const below of ["models", "data"]) mkdirSync(join(root, below));
    const env = { MEDKE_DATA: root, XDG_CACHE_HOME: join(root, "cache") };
    const { code, stderr } = await medke(["evaluate", "--benchmark", "slake", "--editor", "ike"], { env });
    const other = await medke(["evaluate", "--benchmark", "medcf", "--editor", "ike"], { env });
    rmSync(root, { recursive: true });
    expect([code, other.code]).to.deep.equal([1, 1]);
    expect(ownWords(stderr)).to.match(
      /^medke: --benchmark slake: its records \(vqa\) hold no edits\. Ask them with medke vqa --benchmark slake; /,
    );
    expect(ownWords(other.stderr)).to.match(
      /^medke: medcf: its files are neither named nor found; looked in .*Download them with medke fetch medcf, or/,
    );
  });

  it("shows the stack with --verbose", async () => {
    expect((await medke(["evaluate", "--editor", "ft-lm", "--verbose"])).stderr).to.match(/UnknownNameError.*\n\s+at /);
  });
});

describe("medke evaluate with the model and the benchmark that come with it", () => {
  const args = ["evaluate", "--editor", "ft-llm", "--limit", "10", "--seed", "0", "--json"];
  let first: Evaluation;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-evaluate-"));
    // Neither a data folder nor pictures from an earlier run.
    const env = { MEDKE_DATA: join(folder, "nowhere"), XDG_CACHE_HOME: join(folder, "cache") };
    const { code, stdout, stderr } = await medke(args, { cwd: folder, env });
    expect(code, stderr).to.equal(0);
    first = JSON.parse(stdout);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("prints one JSON document with rows, intervals and every probe", () => {
    const named = { model: "phantom", editor: "ft-llm", benchmark: "phantom/medmkeb", protocol: "single", seed: 0 };
    expect(first).to.include(named);
    expect(first.cases).to.have.length(10);
    for (const row of first.rows) {
      expect(row).to.include.all.keys("metric", "profile", "comparable_group", "mask", "k", "value", "base", "n", "ci", "seed"); // prettier-ignore
      if (row.ci) expect(row.value).to.be.within(...row.ci);
      else expect(row.value, "no spread, and neither nothing nor all").not.to.be.oneOf([0, 1]);
    }
    for (const { probes } of first.cases)
      for (const probe of probes)
        expect(probe).to.include.all.keys("kind", "question", "before", "after", "expected", "pass");
  });

  it("edits with a reliability of at least 0.9 in free generation, and reports locality beside it", () => {
    expect(freely(first, "reliability").value).to.be.at.least(0.9);
    expect(freely(first, "reliability").n).to.equal(10);
    expect(freely(first, "image-locality").base).to.equal(1);
  });

  it("prints the same document when everything is named, but for times", async () => {
    const named = ["--model", "phantom", "--benchmark", "phantom/medmkeb", "--protocol", "single"];
    const second: Evaluation = JSON.parse((await medke([...args, ...named])).stdout);
    expect(withoutTimes(second)).to.deep.equal(withoutTimes(first));
  });

  it("keeps finished cases in a store, does only what is missing, and gives the same numbers", async () => {
    const some = [...args, "--store", join(folder, "store")];
    const six = some.map((arg, i) => (some[i - 1] === "--limit" ? "6" : arg));
    expect((await medke(six)).stderr).to.include("6 tests done now and kept");
    // ft-llm uses no other case, so the six stored ones serve the longer run.
    const again = await medke(six);
    expect(again.stderr).to.include("0 tests done now and kept, 6 found there");
    const full = await medke(some);
    expect(full.stderr).to.include("4 tests done now and kept, 6 found there");
    expect(JSON.parse(full.stdout).rows).to.deep.equal(first.rows);
  });

  it("takes a folder named as a path for a model, and names a truncated .onnx in it", async () => {
    const model = join(folder, "phantom");
    cpSync(PHANTOM, model, { recursive: true });
    truncateSync(join(model, "onnx/decoder_model_merged.onnx"), 1_000_000);
    const { code, stderr } = await medke(["evaluate", "--model", "./phantom", "--editor", "ike"], { cwd: folder });
    expect(code).to.equal(1);
    expect(ownWords(stderr)).to.match(/decoder_model_merged\.onnx.*(again|re-export)/);
    expect(stderr).to.not.match(/\n\s+at .*\.(js|ts):/);
  });
});

describeWithShared(
  "medke evaluate on a model and a data set from folders",
  ["models/vqarad-tiny-vlm", "data/vqa-rad"],
  () => {
    const model = ["--model", shared("models/vqarad-tiny-vlm")];
    const args = ["evaluate", ...model, "--benchmark", "vqa-rad", "--editor", "ft-llm", "--json", "--data"];
    let first: Evaluation;
    let folder: string;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "medke-evaluate-"));
      const { code, stdout, stderr } = await medke([...args, shared("data/vqa-rad")]);
      expect(code, stderr).to.equal(0);
      first = JSON.parse(stdout);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("edits real answers with a reliability of at least 0.9 in free generation", () => {
      expect(first).to.include({ model: "vqarad-tiny-vlm", benchmark: "vqa-rad" });
      expect(freely(first, "reliability").value).to.be.at.least(0.9);
      expect(freely(first, "reliability").n).to.equal(10);
    });

    it("names a corrupt JPEG", async () => {
      const data = join(folder, "data");
      mkdirSync(data);
      cpSync(shared("data/vqa-rad/trainset.json"), join(data, "trainset.json"));
      symlinkSync(shared("data/vqa-rad/images"), join(data, "all"));
      mkdirSync(join(data, "images"));
      // The image of the first case is cut to a third; the others are the real ones.
      const damaged = first.cases[0].image!;
      const names = new Set<string>(
        JSON.parse(readFileSync(join(data, "trainset.json"), "utf8")).map((r: { image_name: string }) => r.image_name),
      );
      for (const name of names)
        if (name !== damaged) symlinkSync(shared("data/vqa-rad/images", name), join(data, "images", name));
      const bytes = readFileSync(shared("data/vqa-rad/images", damaged));
      writeFileSync(join(data, "images", damaged), bytes.subarray(0, bytes.length / 3));
      const { code, stderr } = await medke([...args, data]);
      expect(code).to.equal(1);
      expect(ownWords(stderr))
        .to.include(damaged)
        .and.match(/Replace the file/);
    });
  },
);

const freely = ({ rows }: Evaluation, metric: string) =>
  rows.find((row) => row.metric === metric && row.profile === "gen-exact")!;
