import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import {
  declared,
  exampleFeeds,
  feedInputs,
  findSites,
  readModel,
  resolveIf,
  writeModel,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { mergeBranches } from "./merge-branches.ts";
import { runGraph } from "./run-graph.ts";

const ROOT = "models/tiny-families";
const [BATCH, TOKENS] = [2, 3];

/** Feeds for a decoder with `past` cached tokens. */
function feeds(model: OnnxModel, past: number) {
  const size = (name: string) => {
    if (/batch/.test(name)) return BATCH;
    if (/total|\+/.test(name)) return past + TOKENS;
    return /past/.test(name) ? past : TOKENS;
  };
  const names = feedInputs(model).flatMap((input) => declared(input).dims ?? []);
  return exampleFeeds(
    model,
    Object.fromEntries(names.flatMap((dim) => (typeof dim === "string" ? [[dim, size(dim)]] : []))),
  );
}

describeWithShared("decoders of every family, their branches merged", [ROOT], () => {
  const families = readdirSync(shared(ROOT)).filter(
    (family) => family !== "README.md" && readdirSync(shared(ROOT, family)).includes("model_kv.onnx"),
  );

  it("are seven", () => expect(families).to.have.length(7));

  for (const family of families) {
    const file = `${family}/model_kv.onnx`;
    const open = () => readModel(readFileSync(shared(ROOT, file)), file);

    it(`${family}: either branch, taken apart, shows the sites of the decoder and computes its values bit for bit`, async () => {
      const decoder = open();
      // Written and read again, as a merged file is.
      const merged = readModel(writeModel(mergeBranches(decoder)), file);
      expect(findSites(merged)).to.deep.equal([]);
      const ids = findSites(decoder).map(({ id }) => id);
      for (const [cached, past] of [
        [true, 4],
        [false, 0],
      ] as const) {
        const branch = resolveIf(merged, { use_cache_branch: cached });
        expect(branch.graph.node.some(({ opType }) => opType === "If")).to.equal(false);
        expect(findSites(branch).map(({ id }) => id)).to.deep.equal(ids);
        const given = feeds(decoder, past);
        const [wanted, got] = [await runGraph(decoder, given), await runGraph(branch, given)];
        expect(Object.keys(got)).to.deep.equal(Object.keys(wanted));
        for (const [name, { data }] of Object.entries(wanted)) expect(got[name].data, name).to.deep.equal(data);
      }
    });
  }
});
