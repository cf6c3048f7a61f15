import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { lower, readModel } from "../../../../kernels/onnx/index.ts";
import { sameRole } from "../../../../kernels/onnx/site-role.ts";
import { siteReport } from "../../../../kernels/onnx/sites.ts";
import type { Site } from "../../../../kernels/onnx/sites.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { eraseNames } from "./erase-names.ts";

const ROOT = "models/tiny-families";
const attention = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"];
const gated = [...attention, "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", "output"];
const plain = [...attention, "mlp.fc1", "mlp.fc2", "output"];
const layers = (count: number, roles: string[]) =>
  Array.from({ length: count }, (_, i) => roles.map((role) => `layers.${i}.${role}`)).flat();
const text = ["embed_tokens", "embed_token_types", "embed_positions"];

/** Sites of each family's standard export, in order. */
const FAMILIES: Record<string, string[]> = {
  bert: [...text, ...layers(2, plain), "pooler"],
  "clip-vision": ["patch_embedding", ...layers(2, plain)],
  gemma2: ["embed_tokens", ...layers(2, gated), "lm_head"],
  "gemma3-text": ["embed_tokens", ...layers(3, gated), "lm_head"],
  gpt2: [
    "embed_tokens",
    "embed_positions",
    ...layers(2, ["self_attn.c_attn", "self_attn.c_proj", "mlp.c_fc", "mlp.c_proj", "output"]),
    "lm_head",
  ],
  llama: ["embed_tokens", ...layers(2, gated), "lm_head"],
  opt: ["embed_tokens", "embed_positions", ...layers(2, plain), "lm_head"],
  qwen2: ["embed_tokens", ...layers(2, gated), "lm_head"],
  qwen3: ["embed_tokens", ...layers(2, gated), "lm_head"],
  roberta: [...text, ...layers(2, plain), "pooler"],
  "siglip-vision": [
    "patch_embedding",
    ...layers(2, plain),
    ...["self_attn.q_proj", "self_attn.kv_proj", "self_attn.o_proj", "mlp.fc1", "mlp.fc2"].map(
      (role) => `pooling_head.${role}`,
    ),
  ],
  vit: ["patch_embedding", ...layers(2, plain), "pooler"],
};
const PACKED: Record<string, string[]> = {
  // Its three input projections are one weight of the Attention operator.
  "clip-vision/model_fused.onnx": ["patch_embedding", ...layers(2, ["self_attn.qkv_proj", ...plain.slice(3)])],
};
/** What another form of an export lacks: embeddings before inputs_embeds, the pooling head, a sum inside the last fused norm. */
const LACKS: Record<string, string[]> = {
  "llama/model_fused.onnx": ["layers.1.output"],
  "vit/model_fused.onnx": ["layers.1.output"],
  "siglip-vision/model_mha.onnx": FAMILIES["siglip-vision"].filter((id) => id.startsWith("pooling_head")),
};

const read = (path: string) => readModel(readFileSync(shared(ROOT, path)), path);
const sorted = (sites: readonly Site[]) => sites.map((site) => site.id).sort();

describeWithShared("sites of twelve architectures in every form", [ROOT], () => {
  for (const [family, expected] of Object.entries(FAMILIES))
    for (const file of readdirSync(shared(ROOT, family)).filter((name) => name.endsWith(".onnx"))) {
      const path = `${family}/${file}`;
      it(`${path}: the same ids as in every other form`, () => {
        const model = read(path);
        const { sites, untold } = siteReport(model);
        const embeds = model.graph.input.some((input) => input.name === "inputs_embeds");
        const lacks = [...(LACKS[path] ?? []), ...(embeds ? ["embed_tokens"] : [])];
        const wanted = (PACKED[path] ?? expected).filter((id) => !lacks.includes(id));
        expect(sites.filter((site) => site.ambiguous)).to.deep.equal([]);
        expect(sorted(sites)).to.deep.equal([...wanted].sort());
        expect(untold).to.have.length((LACKS[path] ?? []).filter((id) => id.endsWith(".output")).length);
        if (file === "model.onnx") expect(sites.map((site) => site.id)).to.deep.equal(expected);
      });

      it(`${path}: the graph alone tells the same roles once all names are erased`, () => {
        const [named, nameless] = [siteReport(read(path)), siteReport(eraseNames(read(path)))];
        // Positions and segments that are both computed look alike without the name of their table (roberta).
        const comparable = (sites: Site[]) => sites.filter((site) => !/^embed_(positions|token_types)/.test(site.role));
        const [a, b] = [comparable(named.sites), comparable(nameless.sites)];
        expect(b.length).to.equal(a.length);
        a.forEach((site, i) => {
          expect(sameRole(site.role, b[i].role), `${site.id} became ${b[i].id}`).to.equal(true);
          expect(b[i].layer).to.equal(site.layer);
          expect([b[i].in, b[i].out]).to.deep.equal([site.in, site.out]);
        });
      });
    }
});

describeWithShared("sites of lowered graphs", [ROOT], () => {
  for (const family of Object.keys(FAMILIES))
    for (const file of readdirSync(shared(ROOT, family)).filter((name) => /(fused|mha|q4|int8)\.onnx$/.test(name))) {
      const path = `${family}/${file}`;
      it(`${path}: what was fused is found as well, and caches of rotary positions are no embeddings`, () => {
        const [fused, lowered] = [siteReport(read(path)), siteReport(lower(read(path)))];
        // Written out, the last sum of a layer has a name.
        const sums = (LACKS[path] ?? []).filter((id) => id.endsWith(".output"));
        expect(sorted(lowered.sites)).to.deep.equal([...sorted(fused.sites), ...sums].sort());
        expect(lowered.sites.filter((site) => site.ambiguous)).to.deep.equal([]);
        expect(lowered.untold).to.deep.equal([]);
      });
    }
});

describeWithShared("layer outputs of twelve architectures", [ROOT], () => {
  for (const family of Object.keys(FAMILIES)) {
    const notes = JSON.parse(readFileSync(shared(ROOT, family, "meta.json"), "utf8")) as {
      files: Record<string, { values: Record<string, string> }>;
    };
    for (const [file, { values }] of Object.entries(notes.files)) {
      const hidden = Object.entries(values).filter(([label]) => label.startsWith("hidden."));
      if (hidden.length === 0) continue;
      it(`${family}/${file}: are the values that the reference calls the residual stream`, () => {
        const found = siteReport(read(`${family}/${file}`)).sites.filter((site) => site.role === "output");
        expect(found.map((site) => [`hidden.${site.layer}`, site.output])).to.deep.equal(hidden);
      });
    }
  }
});
