import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { secondMoment } from "../../../../kernels/editors/closed-forms/second-moment.ts";
import { type Corpus, corpusOf } from "../../../../kernels/editors/statistics/corpus.ts";
import { gatheredStatistics } from "../../../../kernels/editors/statistics/gathered-statistics.ts";
import { StatisticsFolderError } from "../../../../kernels/editors/statistics/moment-file.ts";
import { CancelledError } from "../../../../kernels/errors.ts";
import { loadModel } from "../../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../../kernels/models/vision-language-model.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { loadCases } from "../../../../kernels/load-cases.ts";

const sites = ["layers.1.mlp.down_proj", "layers.3.mlp.down_proj"];

describe("gathered statistics", () => {
  let model: VisionLanguageModel;
  let corpus: Corpus;
  let folder: string;
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    const { cases } = await loadCases("phantom/medmkeb", { model, limit: 2 });
    const texts = cases.map(({ image, question, answer }) => ({ image, question, answer: answer! }));
    corpus = corpusOf("three texts", [...texts, { question: "what treats velkin?", answer: "orlan" }]);
  });
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "medke-statistics-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  after(() => model?.dispose());

  it("are those of all keys at once, images included", async () => {
    const source = gatheredStatistics(model, { corpus, folder: null });
    await source.prepare!(model, sites);
    for (const site of sites) {
      const { moment, tokens, width } = await source.of(model, site);
      const keys: Float32Array[] = [];
      for await (const { image, question, answer } of corpus.texts()) {
        const { values, text } = await model.states({ image, question }, [{ site, of: "input" }], { answer });
        expect(values[0].dims).to.deep.equal([text.prompt.length + text.boundary.length + text.answer.length, width]);
        keys.push(values[0].data);
      }
      const all = Float32Array.from(keys.flatMap((each) => [...each]));
      const shot = secondMoment(width);
      shot.add(float32(all, [all.length / width, width]));
      expect(tokens).to.equal(all.length / width);
      // An independent sum for one entry, beside the accumulator in one shot.
      let sum = 0;
      for (let row = 0; row < tokens; row++) sum += all[row * width + 3] * all[row * width + 7];
      expect(moment[3 * width + 7]).to.be.closeTo(sum / tokens, 1e-9);
      // Read with another site, keys differ in their last digit.
      const largest = shot.moment().data.reduce((a, b) => Math.max(a, b));
      shot.moment().data.forEach((value, i) => {
        if (!(Math.abs(moment[i] - value) < 1e-6 * largest)) expect(moment[i]).to.equal(value);
      });
    }
  });

  it("are gathered in one pass and then found, in this source, in another and by site", async () => {
    const passes = () => model.passes.forward;
    const source = gatheredStatistics(model, { corpus, folder });
    const before = passes();
    await source.prepare!(model, sites);
    expect(passes() - before).to.equal(corpus.size);
    const first = await source.of(model, sites[0]);
    const again = await gatheredStatistics(model, { corpus, folder }).of(model, sites[0]);
    expect(passes() - before).to.equal(corpus.size);
    expect(again).to.deep.equal(first);
    expect(await source.path(sites[0])).to.equal(join(folder, `${first.digest}.moment`));
    expect(readdirSync(folder)).to.have.length(2);
    // Another corpus is another file.
    const other = corpusOf("one text", [{ question: "what treats velkin?", answer: "orlan" }]);
    expect((await gatheredStatistics(model, { corpus: other, folder }).of(model, sites[0])).digest).not.to.equal(
      first.digest,
    );
  });

  it("describe the base model, whichever view asks", async () => {
    const width = model.weight(sites[0]).dims[0];
    const zeros = float32(new Float32Array(width * model.weight(sites[0]).dims[1]).fill(0.05), [width, model.weight(sites[0]).dims[1]]); // prettier-ignore
    const view = model.with({
      ...{ id: "x", editor: "test", cases: [], scope: { kind: "always" } },
      interventions: [{ kind: "dense", site: sites[0], delta: zeros }],
      provenance: { editor: "test", model: model.id, seed: 0, options: {} },
    });
    const of = async (base: VisionLanguageModel) =>
      (await gatheredStatistics(base, { corpus, folder }).of(view, sites[1])).digest;
    expect(await of(model)).not.to.equal(await of(view));
    expect(readdirSync(folder)).to.have.length(2);
  });

  it("leave nothing behind where they are stopped, and report how far they came", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number) => (seen.push(done), done === 2 && controller.abort());
    const source = gatheredStatistics(model, { corpus, folder, onProgress });
    const error = await source.of(model, sites[0], controller.signal).catch((e) => e);
    expect(error).to.be.instanceOf(CancelledError);
    expect(seen).to.deep.equal([1, 2]);
    expect(readdirSync(folder)).to.deep.equal([]);
    expect((await source.of(model, sites[0])).tokens).to.be.greaterThan(0);
  });

  it("are gathered anew where the file is damaged or cut off", async () => {
    const make = () => gatheredStatistics(model, { corpus, folder });
    const first = await make().of(model, sites[0]);
    const path = (await make().path(sites[0]))!;
    const whole = readFileSync(path);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 9] ^= 64;
    for (const broken of [whole.subarray(0, whole.length - 8), flipped, Buffer.from("no header")]) {
      writeFileSync(path, broken);
      expect(await make().of(model, sites[0])).to.deep.equal(first);
      expect(readFileSync(path).equals(whole)).to.equal(true);
    }
  });

  it("say so where the folder cannot be written to", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const error = await gatheredStatistics(model, { corpus, folder: join(file, "below") })
      .of(model, sites[0])
      .catch((e) => e);
    expect(error).to.be.instanceOf(StatisticsFolderError);
    expect(error.message).to.match(/cannot be written to .* Set XDG_CACHE_HOME/);
    expect(existsSync(file)).to.equal(true);
  });
});
