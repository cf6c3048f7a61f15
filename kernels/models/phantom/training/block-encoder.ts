import { PreTrainedTokenizer } from "@huggingface/transformers";
import { SPECIAL_TOKEN_IDS } from "../tokenizer/special-tokens.ts";
import { makeTokenizer } from "../tokenizer/tokenizer-files.ts";
import type { Block } from "./row.ts";

/** A question for training, about the row's image or about the knowledge base. */
export interface Asked {
  question: string;
  answer: string;
  seesImage: boolean;
}

/** Turns questions into token ids in the model's chat form. Texts repeat often, so their ids are kept. */
export class BlockEncoder {
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #known = new Map<string, number[]>();

  constructor() {
    const { tokenizer, config } = makeTokenizer();
    this.#tokenizer = new PreTrainedTokenizer(tokenizer, config);
  }

  /** Token ids of a text as it stands, without special tokens. */
  encode(text: string): number[] {
    let ids = this.#known.get(text);
    if (!ids) this.#known.set(text, (ids = this.#tokenizer.encode(text, { add_special_tokens: false })));
    return ids;
  }

  block({ question, answer, seesImage }: Asked): Block {
    const { bos, user, assistant, eos } = SPECIAL_TOKEN_IDS;
    const start = seesImage ? [] : [bos];
    return {
      prompt: [...start, user, ...this.encode(question), assistant],
      answer: [...this.encode(answer), eos],
      seesImage,
    };
  }
}
