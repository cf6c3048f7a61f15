import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { listModels } from "../../../kernels/models/list-models.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { ModelFolderError } from "../../../kernels/models/model-folder.ts";
import { llama } from "../../../kernels/onnx/build/index.ts";
import { writeModel } from "../../../kernels/onnx/index.ts";
import { newFolder } from "../onnx/external-model.ts";
import { writeTinyChat, type TinyChatOptions } from "./tiny-chat-model.ts";

describe("a folder in the ordinary transformers.js layout that is damaged", () => {
  let folder: string;
  beforeEach(() => (folder = newFolder()));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What loading says after something was done to the folder. */
  async function fault(damage: () => void, options?: TinyChatOptions): Promise<string> {
    writeTinyChat(folder, options);
    damage();
    const error = await loadModel(folder, { device: "cpu" }).then(
      async (model) => {
        await model.dispose();
        throw new Error("expected a failure");
      },
      (failure) => failure,
    );
    expect(error).to.be.instanceOf(ModelFolderError);
    expect(error.message).to.include(`model folder "${folder}"`);
    expect(error.message, "next step").to.match(/\. [A-Z].*\.$/s);
    return error.fault;
  }
  const drop = (name: string) => rmSync(join(folder, name));
  const change = (name: string, with_: Record<string, unknown>) =>
    writeFileSync(
      join(folder, name),
      JSON.stringify({ ...JSON.parse(readFileSync(join(folder, name), "utf8")), ...with_ }),
    );

  it("says what it lacks where nothing says how images are prepared", async () => {
    expect(await fault(() => drop("preprocessor_config.json"))).to.equal(
      '"preprocessor_config.json" is missing, and there is no "preprocess.json" either',
    );
  });

  it("names a processor file that is missing or is no JSON", async () => {
    expect(await fault(() => drop("processor_config.json"))).to.match(
      /cannot open its processor .*processor_config\.json/,
    );
    const broken = () => writeFileSync(join(folder, "preprocessor_config.json"), "{ not json");
    expect(await fault(broken)).to.match(/^"preprocessor_config\.json" is not valid JSON/);
  });

  it("asks for a processor class that transformers.js knows", async () => {
    const fitting = /^preprocessor_config\.json has no "processor_class"/;
    expect(await fault(() => change("preprocessor_config.json", { processor_class: undefined }))).to.match(fitting);
    expect(await fault(() => change("preprocessor_config.json", { processor_class: "LavaProcessor" }))).to.match(
      fitting,
    );
  });

  it("asks for a chat template, and for one that writes parts", async () => {
    const template = (source: unknown) => () => change("tokenizer_config.json", { chat_template: source });
    expect(await fault(template(undefined))).to.match(/^"tokenizer_config\.json" has no "chat_template"/);
    expect(await fault(() => drop("chat_template.jinja"), { kind: "gemma3" })).to.match(/no "chat_template"/);
    expect(await fault(template("{{ bos_token }}{{ messages[0].role }}"))).to.match(/chat template does not write/);
    expect(await fault(template("{% if messages %}"))).to.match(/chat template does not write/);
  });

  it("compares the image tokens of processor, config and encoder", async () => {
    const tokens = (n: number) => () => change("config.json", { image_seq_length: n });
    expect(await fault(tokens(9))).to.equal(
      "its processor writes 16 image tokens (id 3) for an image, config.json says 9",
    );
    expect(await fault(() => change("processor_config.json", { patch_size: 8 }))).to.equal(
      "its processor writes 4 image tokens (id 3) for an image, onnx/vision_encoder.onnx makes 16",
    );
    const token = (id: unknown) => () => change("config.json", { image_token_index: id });
    expect(await fault(token(undefined))).to.match(/^config\.json has no number "image_token_index"/);
    expect(await fault(token(5))).to.match(/writes 1 image tokens \(id 5\)/);
  });

  it("refuses a processor whose image tokens depend on the image", async () => {
    const size = { size: { shortest_edge: 16 } };
    expect(await fault(() => change("preprocessor_config.json", size))).to.match(/more image tokens of larger images/);
  });

  it("refuses model types that transformers.js has no class for, and decoders of other inputs", async () => {
    expect(await fault(() => change("config.json", { model_type: "bert" }))).to.match(/model_type "bert"/);
    const { model } = llama({ vocabulary: 9, width: 8, layers: 1, heads: 2, inner: 8 });
    const other = () => writeFileSync(join(folder, "onnx/decoder_model_merged.onnx"), writeModel(model));
    expect(await fault(other)).to.match(
      /has an input "input_ids" \[batch_size,sequence_length\] that medke cannot fill/,
    );
  });

  it("asks for the token that ends an answer", async () => {
    expect(await fault(() => drop("generation_config.json"))).to.match(
      /has a number "eos_token_id" \(found undefined\)/,
    );
  });

  it("is listed with what it lacks, in a few words", () => {
    writeTinyChat(folder);
    drop("onnx/vision_encoder.onnx");
    const [{ needs }] = listModels(join(folder, "..")).filter(({ path }) => path === folder);
    expect(needs).to.equal('cannot be loaded: "onnx/vision_encoder.onnx" is missing');
  });
});
