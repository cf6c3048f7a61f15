import { gpt, type BuiltModel, type GptConfig } from "../../kernels/onnx/build/index.ts";
import {
  crossEntropy,
  exampleFeeds,
  findSites,
  gradientGraph,
  lift,
  prune,
  sideInput,
  sideInputNames,
  trace,
} from "../../kernels/onnx/index.ts";
import { withGraph } from "../../kernels/onnx/graph.ts";
import type { OnnxModel, RunGraph } from "../../kernels/onnx/index.ts";
import { float32, int64, type Tensor } from "../../kernels/tensor.ts";

/** The two decoders of the reference measurements, 4.2 and 109.7 million parameters. */
export const MODELS = {
  "4.2M": { vocabulary: 4096, width: 256, layers: 4, heads: 4, positions: 64 },
  "110M": { vocabulary: 32000, width: 768, layers: 12, heads: 12, positions: 64 },
} satisfies Record<string, GptConfig>;
export type ModelName = keyof typeof MODELS;

export const [BATCH, TOKENS, RANK] = [4, 64, 8];

/** A graph to time, with what it is fed and what it costs. */
export interface Step {
  model: OnnxModel;
  feeds: Record<string, Tensor>;
  /** Floating-point operations of the matrix products that the step cannot do without. */
  flops: number;
}

export const STEPS = ["forward", "all parameters", "one delta", "LoRA r8"] as const;
export type StepName = (typeof STEPS)[number];

const tokenFeeds = (vocabulary: number): Record<string, Tensor> => {
  const dims = [BATCH, TOKENS];
  const fill = (value: (i: number) => number) => Array.from({ length: BATCH * TOKENS }, (_, i) => value(i));
  return {
    input_ids: int64(fill((i) => (i * 7919 + 13) % vocabulary), dims), // prettier-ignore
    attention_mask: int64(fill(() => 1), dims), // prettier-ignore
    position_ids: int64(fill((i) => i % TOKENS), dims), // prettier-ignore
    labels: int64(fill((i) => (i * 104729 + 1) % vocabulary), dims), // prettier-ignore
    loss_weights: float32(fill(() => 1 / (BATCH * TOKENS)), dims), // prettier-ignore
  };
};

const onlyLoss = (model: OnnxModel) =>
  prune(withGraph(model, { output: model.graph.output.filter((output) => output.name === "loss") }));

/** Products of one forward pass, in floating-point operations, in all and by part. */
function costs({ width, layers, vocabulary }: GptConfig) {
  const rows = BATCH * TOKENS;
  const layer = 2 * rows * 12 * width * width + 4 * rows * TOKENS * width;
  const head = 2 * rows * vocabulary * width;
  return { layer, head, all: layers * layer + head };
}

/** The graph of one kind of step; `run` traces it. */
export async function stepGraph(name: StepName, config: GptConfig, built: BuiltModel, run: RunGraph): Promise<Step> {
  const model = onlyLoss(crossEntropy(built.model));
  const feeds = tokenFeeds(config.vocabulary);
  const cost = costs(config);
  const gradients = async (graph: OnnxModel, targets: string[]) => {
    const example = exampleFeeds(graph, { batch_size: 2, sequence_length: 3, rank: 4 });
    return gradientGraph(graph, { loss: "loss", targets, trace: await trace(graph, example, run) });
  };
  switch (name) {
    case "forward":
      return { model, feeds, flops: cost.all };
    case "all parameters": {
      const names = [...built.parameters.keys()];
      const lifted = lift(model, names);
      const all = { ...feeds, ...Object.fromEntries(built.parameters) };
      return { model: await gradients(lifted, names), feeds: all, flops: 3 * cost.all };
    }
    case "one delta": {
      // A delta added to the residual stream: its gradient is that of the MLP's output in the layer of index layers / 2.
      const layer = config.layers / 2;
      const site = findSites(model).find(({ id }) => id === `layers.${layer}.mlp.fc2`)!;
      const bias = model.graph.node.find((node) => node.opType === "Add" && node.input.includes(site.output))!;
      const above = (config.layers - layer - 1) * cost.layer + cost.head;
      return { model: await gradients(model, [bias.output[0]]), feeds, flops: cost.all + above };
    }
    case "LoRA r8": {
      const sites = findSites(model).filter(({ role }) => role === "self_attn.c_attn" || role === "self_attn.o_proj");
      const inputs = sites.flatMap(({ id }) => Object.values(sideInputNames(id)));
      const edited = sites.reduce((graph, site) => sideInput(graph, site), model);
      const factors = sites.flatMap((site) => {
        const { a, b } = sideInputNames(site.id);
        const value = (rows: number, columns: number) =>
          float32(Float32Array.from({ length: rows * columns }, (_, i) => 0.01 * Math.sin(i)), [rows, columns]); // prettier-ignore
        return [[a, value(site.in, RANK)], [b, value(RANK, site.out)]] as const; // prettier-ignore
      });
      const thin = sites.reduce((sum, site) => sum + 3 * 2 * BATCH * TOKENS * RANK * (site.in + site.out), 0);
      return {
        model: await gradients(edited, inputs),
        feeds: { ...feeds, ...Object.fromEntries(factors) },
        flops: 2 * cost.all + thin,
      };
    }
  }
}

/** Random weights. */
export const build = (name: ModelName): BuiltModel => gpt(MODELS[name], { seed: 1 });
