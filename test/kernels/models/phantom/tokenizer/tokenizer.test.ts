import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AutoTokenizer, PreTrainedTokenizer } from "@huggingface/transformers";
import { expect } from "chai";
import fc from "fast-check";
import { ENTITIES, FACTS } from "../../../../../datasets/phantom/knowledge/index.ts";
import {
  answersOf,
  asksOf,
  claimQuestion,
  composedQuestion,
  putIntoWords,
  TEXT_FAMILIES,
  textQuestion,
  trainingTexts,
  VISUAL_FAMILIES,
} from "../../../../../datasets/phantom/questions/index.ts";
import { headOf, PATHS } from "../../../../../datasets/phantom/knowledge/index.ts";
import { sampleScene } from "../../../../../datasets/phantom/world/sample-scene.ts";
import { SPECIAL_TOKEN_IDS, SPECIAL_TOKENS } from "../../../../../kernels/models/phantom/tokenizer/special-tokens.ts";
import { makeTokenizer, VOCABULARY_SIZE } from "../../../../../kernels/models/phantom/tokenizer/tokenizer-files.ts";
import { writeTokenizer } from "../../../../../kernels/models/phantom/tokenizer/write-tokenizer.ts";
import { random } from "../../../../../kernels/random.ts";

const files = makeTokenizer();
const tokenizer = new PreTrainedTokenizer(files.tokenizer, files.config);
const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
const names = Object.values(ENTITIES).flatMap((list) => list.map((name) => name.split(" ")[0]));
const answers = [...new Set([...VISUAL_FAMILIES, ...TEXT_FAMILIES].flatMap((family) => answersOf(family)))];

/** A question of every kind in the words that training never shows. */
function probeQuestions(): string[] {
  const stream = random(11);
  const scenes = Array.from({ length: 60 }, (_, i) => sampleScene(500 + i));
  return [
    ...FACTS.map((fact) => textQuestion(fact, "probe", stream)),
    ...FACTS.map((fact) => claimQuestion(fact, "probe", stream, "negated-claim")),
    ...PATHS.flatMap((path) => ENTITIES[headOf(path)].map((head) => composedQuestion(head, path, "probe", stream))),
    ...scenes.flatMap((scene) => asksOf(scene).map((ask) => putIntoWords(ask, "probe", stream))),
  ].map(({ question }) => question);
}

describe("the phantom tokenizer", () => {
  it("has 896 tokens: the special ones first, each byte, and merges", () => {
    const vocab = tokenizer.get_vocab();
    expect(VOCABULARY_SIZE).to.equal(896);
    expect(vocab.size).to.equal(VOCABULARY_SIZE);
    expect(new Set(vocab.values()).size).to.equal(VOCABULARY_SIZE);
    expect(Math.max(...vocab.values())).to.equal(VOCABULARY_SIZE - 1);
    for (const [role, id] of Object.entries(SPECIAL_TOKEN_IDS))
      expect(encode(SPECIAL_TOKENS[role as keyof typeof SPECIAL_TOKENS])).to.deep.equal([id]);
  });

  it("reads every word of the templates as one token and every invented name as four at most", () => {
    const invented = new Set(names);
    const words = new Set(trainingTexts().flatMap((text) => text.match(/ ?[a-z]+/g) ?? []));
    for (const word of words) if (!invented.has(word.trim())) expect(encode(word).length, word).to.equal(1);
    for (const name of names) for (const text of [name, ` ${name}`]) expect(encode(text).length, text).to.be.at.most(4);
  });

  it("reads the probes with tokens that training shows", () => {
    const known = new Set(trainingTexts().flatMap(encode));
    for (const question of probeQuestions())
      for (const id of encode(question))
        expect(known.has(id), `${tokenizer.decode([id])} of ${question}`).to.equal(true);
  });

  it("reads prompt and answer apart as it reads them together", () => {
    const { user, assistant, eos } = SPECIAL_TOKEN_IDS;
    const question = "which agent treats velnex?";
    for (const answer of answers) {
      const together = encode(`<|user|>${question}<|assistant|>${answer}<eos>`);
      expect(together).to.deep.equal([user, ...encode(question), assistant, ...encode(answer), eos]);
    }
  });

  it("gives any text back", () =>
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), (text) => {
        fc.pre(!Object.values(SPECIAL_TOKENS).some((token) => text.includes(token)));
        expect(tokenizer.decode(encode(text))).to.equal(text);
      }),
    ));

  it("writes the chat form, with and without an image, for string and list content", () => {
    const form = (messages: object[], add_generation_prompt: boolean) =>
      tokenizer.apply_chat_template(messages as never, { tokenize: false, add_generation_prompt });
    const text = { type: "text", text: "is it so?" };
    expect(form([{ role: "user", content: [{ type: "image" }, text] }], true)).to.equal(
      "<bos><image><|user|>is it so?<|assistant|>",
    );
    expect(form([{ role: "user", content: [text] }], true)).to.equal("<bos><|user|>is it so?<|assistant|>");
    expect(
      form(
        [
          { role: "user", content: "is it so?" },
          { role: "assistant", content: "yes" },
        ],
        false,
      ),
    ).to.equal("<bos><|user|>is it so?<|assistant|>yes<eos>");
  });

  it("pads on the left and adds no token unasked", () => {
    expect(tokenizer.encode("yes")).to.deep.equal(encode("yes"));
    const { input_ids } = tokenizer(["yes", "is it so?"], { padding: true });
    const [row] = input_ids.tolist().map((ids: bigint[]) => ids.map(Number));
    expect(row.slice(0, -1).every((id: number) => id === SPECIAL_TOKEN_IDS.pad)).to.equal(true);
    expect(row.at(-1)).to.equal(encode("yes")[0]);
  });

  it("does not change: trained models know exactly these tokens", () => {
    const digest = createHash("sha256").update(JSON.stringify(makeTokenizer())).digest("hex");
    expect(digest.slice(0, 16)).to.equal("b9813432f414f0d8");
  });

  it("is written as files that AutoTokenizer loads", async () => {
    const folder = await mkdtemp(join(tmpdir(), "phantom-tokenizer-"));
    try {
      await writeTokenizer(folder);
      expect(JSON.parse(await readFile(join(folder, "tokenizer.json"), "utf8"))).to.deep.equal(files.tokenizer);
      const loaded = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
      for (const text of trainingTexts().slice(0, 500))
        expect(loaded.encode(text, { add_special_tokens: false })).to.deep.equal(encode(text));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
