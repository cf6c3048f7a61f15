import { ENTITIES } from "../../../../datasets/phantom/knowledge/index.ts";
import { trainingTexts } from "../../../../datasets/phantom/questions/index.ts";
import { CHAT_TEMPLATE } from "./chat-template.ts";
import { SPECIAL_TOKENS } from "./special-tokens.ts";
import { type Merge, tokensOf, trainBpe } from "./train-bpe.ts";

/** Tokens in all: the special ones, the 256 bytes and the merges. */
export const VOCABULARY_SIZE = 896;

/** What `tokenizer.json` and `tokenizer_config.json` hold, in the form of the Hugging Face libraries. */
export interface TokenizerFiles {
  tokenizer: object;
  config: object;
}

/** Trains the tokenizer on the questions and answers of all training templates. It is the same on every machine. */
export function makeTokenizer(): TokenizerFiles {
  const special = Object.values(SPECIAL_TOKENS);
  const merges = learnMerges(VOCABULARY_SIZE - special.length - 256);
  const vocab = Object.fromEntries([...special, ...tokensOf(merges)].map((token, id) => [token, id]));
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    tokenizer: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: special.map((content, id) => addedToken(content, id)),
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: null,
      decoder: byteLevel,
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab,
        merges: merges.map((pair) => pair.join(" ")),
      },
    },
    config: {
      tokenizer_class: "PreTrainedTokenizerFast",
      pad_token: SPECIAL_TOKENS.pad,
      bos_token: SPECIAL_TOKENS.bos,
      eos_token: SPECIAL_TOKENS.eos,
      image_token: SPECIAL_TOKENS.image,
      additional_special_tokens: [SPECIAL_TOKENS.image, SPECIAL_TOKENS.user, SPECIAL_TOKENS.assistant],
      padding_side: "left",
      clean_up_tokenization_spaces: false,
      chat_template: CHAT_TEMPLATE,
    },
  };
}

/** The words of the questions and what pictures show first, until each is one token; what is left goes to the syllables of other names. */
function learnMerges(count: number): Merge[] {
  const words = new Set(trainingTexts().flatMap((text) => text.match(/ ?[a-z]+/g) ?? []));
  const [invented, known] = partition([...words], (word) => INVENTED.has(word.trim()) && !SEEN.has(word.trim()));
  return trainBpe(invented, count, trainBpe(known, count));
}

/** Names without the word that follows a guideline's. */
const INVENTED = new Set(Object.values(ENTITIES).flatMap((names) => names.map((name) => name.split(" ")[0])));

// A name that a question compares with what the image shows is compared as a whole: the model learns that from pieces only slowly.
const SEEN = new Set<string>([...ENTITIES.organ, ...ENTITIES.finding, ...ENTITIES.device]);

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

const addedToken = (content: string, id: number) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});
