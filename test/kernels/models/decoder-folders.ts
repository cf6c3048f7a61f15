import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shallowCopy, withGraph } from "../../../kernels/onnx/graph.ts";
import { chain, makeValueInfo, prune, readModelFile, writeModel } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { shared } from "../../shared-data.ts";
import { familyGraphs, ROOT } from "../onnx/gradients/family.ts";

/** A decoder with a cache, as it lies in the test data. */
export interface CachedDecoder {
  title: string;
  /** Folder of the configuration. */
  folder: string;
  file: string;
  /** Makes `inputs_embeds` of token ids, where the decoder itself does not. */
  embed?: () => Promise<{ model: OnnxModel; value: string }>;
}

/** Every graph with a cache of tiny-families, and the decoders of tinystories-656k and vqarad-tiny-vlm. */
export function cachedDecoders(): CachedDecoder[] {
  const families = familyGraphs()
    .filter(([, , notes]) => Object.keys(notes.outputs).some((name) => name.startsWith("present")))
    .map(([family, file, notes]) => {
      const folder = shared(ROOT, family);
      const [, , whole] = familyGraphs().find(([name, other]) => name === family && other === "model.onnx")!;
      const embed = async () => ({
        model: await readModelFile(join(folder, "model.onnx")),
        value: whole.values.inputs_embeds,
      });
      const takesIds = notes.values.inputs_embeds !== "inputs_embeds";
      return { title: `${family} ${file}`, folder, file: join(folder, file), ...(!takesIds && { embed }) };
    });
  const stories = shared("models/tinystories-656k");
  const vlm = shared("models/vqarad-tiny-vlm");
  const embed = async () => {
    const model = await readModelFile(join(vlm, "onnx/embed_tokens.onnx"));
    return { model, value: model.graph.output[0].name };
  };
  return [
    ...families,
    { title: "tinystories-656k", folder: stories, file: join(stories, "onnx/model.onnx") },
    { title: "vqarad-tiny-vlm", folder: vlm, file: join(vlm, "onnx/decoder_model_merged.onnx"), embed },
  ];
}

/** The decoder as one graph from token ids to logits, the form that transformers.js loads; `edit` acts on the decoder alone. */
export async function fromTokenIds(
  { file, embed }: CachedDecoder,
  edit: (decoder: OnnxModel) => OnnxModel = (decoder) => decoder,
): Promise<OnnxModel> {
  const decoder = edit(await readModelFile(file));
  if (!embed) return decoder;
  const { model, value } = await embed();
  const table = prune(
    withGraph(model, {
      input: model.graph.input.filter((input) => input.name === "input_ids"),
      output: [makeValueInfo(value)],
    }),
  );
  // A look-up and a factor mean the same in every operator set.
  return chain(shallowCopy(table, { opsetImport: decoder.opsetImport }), decoder, { inputs_embeds: value });
}

/** Writes a folder that transformers.js loads as a causal language model. Generation never stops by itself. */
export function writeDecoderFolder(path: string, { folder }: CachedDecoder, model: OnnxModel): string {
  mkdirSync(join(path, "onnx"), { recursive: true });
  writeFileSync(join(path, "config.json"), readFileSync(join(folder, "config.json")));
  writeFileSync(join(path, "generation_config.json"), JSON.stringify({ eos_token_id: null }));
  const file = join(path, "onnx", "model.onnx");
  writeFileSync(file, writeModel(model));
  return file;
}
