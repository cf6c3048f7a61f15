import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { withoutTimes } from "../../kernels/evaluation/without-times.ts";
import type { Evaluation } from "../../kernels/evaluation/result.ts";
import { describeWithShared, shared } from "../shared-data.ts";
import { medke, ownWords } from "./medke.ts";

const MODEL = ["--model", shared("models/vqarad-tiny-vlm")];
const DATA = ["--data", shared("data/vqa-rad")];

describe("medke on the command line", () => {
  it("lists editors and benchmarks as JSON, each with one line of what it needs", async () => {
    for (const [what, id] of [
      ["editors", "ft-llm"],
      ["benchmarks", "vqa-rad"],
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
    ["an unknown option", ["evaluate", "--modle", "x"], /^medke: unknown option "--modle"; did you mean "--model"\?/],
    [
      "a missing option",
      ["evaluate"],
      /^medke: --model, --data, --editor are missing\. Add for example --model .* --editor ft-llm\.$/,
    ],
    [
      "an unknown editor",
      ["evaluate", ...MODEL, ...DATA, "--editor", "ft-lm"],
      /^medke: unknown editor "ft-lm"; did you mean "ft-llm"\? Known: ft-llm, /,
    ],
    [
      "a limit that is no number",
      ["evaluate", ...MODEL, ...DATA, "--editor", "ike", "--limit", "ten"],
      /^medke: --limit "ten" is not a whole number of at least 1\./,
    ],
    [
      "a missing model folder",
      ["evaluate", "--model", "no-model", ...DATA, "--editor", "ike"],
      /^medke: model folder "no-model": there is no such folder\. Give the path/,
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

  it("shows the stack with --verbose", async () => {
    expect((await medke(["evaluate", ...MODEL, ...DATA, "--editor", "ft-lm", "--verbose"])).stderr).to.match(
      /UnknownNameError.*\n\s+at /,
    );
  });
});

describeWithShared("medke evaluate on the real model", ["models/vqarad-tiny-vlm", "data/vqa-rad"], () => {
  const args = [
    "evaluate",
    ...MODEL,
    ...DATA,
    "--benchmark",
    "vqa-rad",
    "--editor",
    "ft-llm",
    "--limit",
    "10",
    "--protocol",
    "single",
    "--seed",
    "0",
    "--json",
  ];
  let first: Evaluation;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-evaluate-"));
    const { code, stdout, stderr } = await medke(args);
    expect(code, stderr).to.equal(0);
    first = JSON.parse(stdout);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("prints one JSON document with rows, intervals and every probe", () => {
    expect(first).to.include({
      model: "vqarad-tiny-vlm",
      editor: "ft-llm",
      benchmark: "vqa-rad",
      protocol: "single",
      seed: 0,
    });
    expect(first.cases).to.have.length(10);
    for (const row of first.rows) {
      expect(row).to.have.all.keys("metric", "profile", "comparable_group", "value", "base", "n", "ci");
      expect(row.ci[0]).to.be.at.most(row.value);
      expect(row.ci[1]).to.be.at.least(row.value);
    }
    for (const { probes } of first.cases)
      for (const probe of probes)
        expect(probe).to.include.all.keys("kind", "question", "before", "after", "expected", "pass");
  });

  it("edits with a reliability of at least 0.9 in free generation, and reports locality beside it", () => {
    const row = (metric: string) => first.rows.find((each) => each.metric === metric && each.profile === "gen-exact")!;
    expect(row("reliability").value).to.be.at.least(0.9);
    expect(row("reliability").n).to.equal(10);
    expect(row("image-locality").base).to.equal(1);
  });

  it("prints the same document twice but for times", async () => {
    const second: Evaluation = JSON.parse((await medke(args)).stdout);
    expect(withoutTimes(second)).to.deep.equal(withoutTimes(first));
  });

  it("keeps finished cases in a store, does only what is missing, and gives the same numbers", async () => {
    const store = join(folder, "store");
    const some = [...args.slice(0, -1), "--store", store, "--json"];
    const six = some.map((arg, i) => (some[i - 1] === "--limit" ? "6" : arg));
    expect((await medke(six)).stderr).to.include("6 cases done now, 0 were stored");
    // ft-llm uses no other case, so the six stored ones serve the longer run.
    const again = await medke(six);
    expect(again.stderr).to.include("0 cases done now, 6 were stored");
    const full = await medke(some);
    expect(full.stderr).to.include("4 cases done now, 6 were stored");
    expect(JSON.parse(full.stdout).rows).to.deep.equal(first.rows);
  });

  it("names a truncated .onnx", async () => {
    const model = join(folder, "cut");
    mkdirSync(join(model, "onnx"), { recursive: true });
    for (const name of [
      "config.json",
      "generation_config.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "preprocess.json",
      "onnx/embed_tokens.onnx",
      "onnx/vision_encoder.onnx",
    ])
      symlinkSync(shared("models/vqarad-tiny-vlm", name), join(model, name));
    const decoder = readFileSync(shared("models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx"));
    writeFileSync(join(model, "onnx/decoder_model_merged.onnx"), decoder.subarray(0, decoder.length / 2));
    const { code, stderr } = await medke(["evaluate", "--model", model, ...DATA, "--editor", "ike"]);
    expect(code).to.equal(1);
    expect(ownWords(stderr)).to.match(/decoder_model_merged\.onnx.*(again|re-export)/);
    expect(stderr).to.not.match(/\n\s+at .*\.(js|ts):/);
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
    const { code, stderr } = await medke(["evaluate", ...MODEL, "--data", data, "--editor", "ike"]);
    expect(code).to.equal(1);
    expect(ownWords(stderr))
      .to.include(damaged)
      .and.match(/Replace the file/);
  });
});
