/** Tokens that text never contains, by role. They hold the first ids, in this order. */
export const SPECIAL_TOKENS = {
  pad: "<pad>",
  bos: "<bos>",
  eos: "<eos>",
  image: "<image>",
  user: "<|user|>",
  assistant: "<|assistant|>",
} as const;

const ORDER = Object.keys(SPECIAL_TOKENS) as (keyof typeof SPECIAL_TOKENS)[];

export const SPECIAL_TOKEN_IDS = Object.fromEntries(ORDER.map((role, id) => [role, id])) as Record<
  keyof typeof SPECIAL_TOKENS,
  number
>;
