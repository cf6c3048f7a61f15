import { expect } from "chai";
import { type ModelFolder, ModelFolderError } from "../../../kernels/models/model-folder.ts";
import { textForm } from "../../../kernels/models/text-form.ts";
import { byteLevelTokenizer } from "./byte-level-tokenizer.ts";

const { json } = byteLevelTokenizer(["<bos>", "<eos>", "<|user|>", "<|assistant|>"], ["t h", "th e", "\u0120 the"]);
const TEMPLATE =
  "{{ bos_token }}{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}<|assistant|>{% endif %}";

/** What the form reads of a folder: its tokenizer and configuration. */
const folder = (tokenizerConfig: object) =>
  ({
    ...{ id: "tiny", path: "/models/tiny", tokenizer: json, config: { model_type: "llama" } },
    tokenizerConfig: { bos_token: "<bos>", eos_token: "<eos>", ...tokenizerConfig },
  }) as unknown as ModelFolder;

describe("the prompt form of models of text alone", () => {
  const asked = (form: ReturnType<typeof textForm>) => {
    const { prompt, boundary, answer } = form.prompt.encode({ question: " is it red? " }, "the", "so: ");
    return [prompt, boundary, answer].map((ids) => (ids.length ? form.tokenizer.decode(ids) : ""));
  };

  it("goes on from the bare question without a template", () => {
    expect(asked(textForm(folder({}), { form: "text" }))).to.deep.equal(["so: is it red?", "", " the"]);
  });

  it("asks in the template of the tokenizer's configuration, or in one that has a file of its own", () => {
    const expected = ["<bos><|user|>so: is it red?<|assistant|>", "", "the"];
    expect(asked(textForm(folder({ chat_template: TEMPLATE }), { form: "text" }))).to.deep.equal(expected);
    expect(asked(textForm(folder({}), { form: "text", template: TEMPLATE }))).to.deep.equal(expected);
  });

  it("refuses a template that fails, with what it says and what to do", () => {
    expect(() => textForm(folder({ chat_template: "{{ raise_exception('no users') }}" }), { form: "text" })).to.throw(
      ModelFolderError,
      /its chat template fails on a question \(.*no users.*\)/,
    );
  });
});
