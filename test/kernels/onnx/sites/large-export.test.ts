import { expect } from "chai";
import { readModelFile } from "../../../../kernels/onnx/read-model-file.ts";
import { siteReport } from "../../../../kernels/onnx/sites.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";

const ROOT = "models/onnx-graph-only/gemma3-4b-vlm";
const FORMS = ["", "_fp16", "_q4", "_q4f16", "_quantized"];
const open = (name: string) => readModelFile(shared(ROOT, `${name}.onnx`), { allowMissingWeights: true });
const attention = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"];
const layers = (count: number, roles: string[]) =>
  Array.from({ length: count }, (_, i) => roles.map((role) => `layers.${i}.${role}`)).flat();

const GRAPHS: Record<string, { ids: string[]; sizes: Record<string, [number, number]> }> = {
  decoder_model_merged: {
    ids: [...layers(34, [...attention, "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", "output"]), "lm_head"],
    sizes: {
      "layers.33.self_attn.q_proj": [2560, 2048],
      "layers.33.mlp.down_proj": [10240, 2560],
      lm_head: [2560, 262208],
    },
  },
  vision_encoder: {
    ids: ["patch_embedding", ...layers(27, [...attention, "mlp.fc1", "mlp.fc2", "output"]), "projector"],
    sizes: { patch_embedding: [3, 1152], "layers.26.mlp.fc2": [4304, 1152], projector: [1152, 2560] },
  },
  embed_tokens: { ids: ["embed_tokens"], sizes: { embed_tokens: [262208, 2560] } },
};

describeWithShared("sites of a 4B model in five export forms, without its weights", [ROOT], () => {
  for (const [name, { ids, sizes }] of Object.entries(GRAPHS))
    for (const form of FORMS)
      it(`${name}${form}: ${ids.length} sites, none of them a guess`, async () => {
        const { sites, untold } = siteReport(await open(`${name}${form}`));
        expect(sites.map((site) => site.id)).to.deep.equal(ids);
        expect(untold).to.deep.equal([]);
        expect(sites.some((site) => site.ambiguous)).to.equal(false);
        for (const [id, size] of Object.entries(sizes)) {
          const site = sites.find((candidate) => candidate.id === id)!;
          expect([site.in, site.out], id).to.deep.equal(size);
        }
        const stored = new Set(sites.flatMap((site) => site.quantised ?? []));
        const wanted: Record<string, string[]> = { _q4: ["4 bits, blocks of 32"], _q4f16: ["4 bits, blocks of 32"] };
        if (form !== "_quantized") expect([...stored]).to.deep.equal(wanted[form] ?? []);
        else expect([...stored]).to.deep.equal(["8 bits, blocks of 32"]);
      });
});
