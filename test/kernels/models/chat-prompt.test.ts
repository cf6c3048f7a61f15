import { PreTrainedTokenizer } from "@huggingface/transformers";
import { expect } from "chai";
import { ChatPrompt } from "../../../kernels/models/chat-prompt.ts";
import type { Render } from "../../../kernels/models/chat-template.ts";
import { byteLevelTokenizer } from "./byte-level-tokenizer.ts";

const { json } = byteLevelTokenizer(["<bos>", "<eos>", "<image>"], ["t h", "th e", "\u0120 the", "a b"]);
const tokenizer = new PreTrainedTokenizer(json, { bos_token: "<bos>" });
const ids = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
const IMAGE = { id: "image", path: "image.png" };

/** Question and answer with a blank between, as older chat templates write them. */
const spoken: Render = (question, { image, answer }) =>
  `<bos>${image ? "<image>\n" : ""}USER: ${question} ASSISTANT:${answer === undefined ? "" : ` ${answer}<eos>`}`;
const form = (render: Render) => {
  const frame = { head: "<bos><image>\nUSER: ", tail: " ASSISTANT:" };
  const expanded = { head: "<bos><image><image>\nUSER: ", tail: " ASSISTANT:" };
  return new ChatPrompt(tokenizer, render, frame, expanded, "<image>");
};

describe("the prompt form of chat models", () => {
  it("writes the image tokens of the processor, of questions about images only", () => {
    const question = "is it red?";
    expect(form(spoken).encode({ question, image: IMAGE }, "", "so: ").prompt).to.deep.equal(
      ids("<bos><image><image>\nUSER: so: is it red? ASSISTANT:"),
    );
    expect(form(spoken).encode({ question }, "", "").prompt).to.deep.equal(ids("<bos>USER: is it red? ASSISTANT:"));
  });

  it("tokenises an answer with the blank that the template puts before it", () => {
    const encode = (answer: string) => form(spoken).encode({ question: "what?" }, answer, "");
    // One token for blank and word together; where the blank is a token by itself, it is the boundary.
    expect(encode(" the ")).to.deep.include({ boundary: [], answer: ids(" the") });
    expect(ids(" the")).to.have.length(1);
    expect(encode("red")).to.deep.include({ boundary: ids(" "), answer: ids("red") });
    expect(encode("")).to.deep.include({ boundary: [], answer: [] });
  });

  it("adds no blank where the template has none, or refuses to write answers", () => {
    const question = "what?";
    const close: Render = (q, { answer = "" }) => `<bos>${q}<eos>${answer}`;
    const refusing: Render = (q, { answer }) => {
      if (answer !== undefined) throw new Error("users only");
      return `<bos>${q}<eos>`;
    };
    for (const render of [close, refusing])
      expect(form(render).encode({ question }, "the", "")).to.deep.equal({
        prompt: ids("<bos>what?<eos>"),
        boundary: [],
        answer: ids("the"),
      });
  });

  it("tokenises the answer apart where it would run into the prompt's last token", () => {
    const open: Render = (q, { answer = "" }) => `<bos>${q} a${answer}`;
    const { prompt, answer } = form(open).encode({ question: "what?" }, "b", "");
    expect(prompt).to.deep.equal(ids("<bos>what? a"));
    expect(answer).to.deep.equal(ids("b"));
  });
});
