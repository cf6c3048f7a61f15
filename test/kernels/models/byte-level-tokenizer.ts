/**
 * A byte-level BPE tokenizer over printable ASCII and the given merges ("t h"), as the contents of tokenizer.json. Special tokens take
 * the first ids.
 */
export function byteLevelTokenizer(special: readonly string[], merges: readonly string[]) {
  // Byte-level tokenizers write a space as U+0120 and a line break as U+010A.
  const bytes = ["\u0120", "\u010a", ...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))];
  const words = [...special, ...bytes, ...merges.map((pair) => pair.replace(" ", ""))];
  return {
    size: words.length,
    json: {
      version: "1.0",
      added_tokens: special.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      post_processor: null,
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: { type: "BPE", unk_token: null, vocab: Object.fromEntries(words.map((word, id) => [word, id])), merges },
    },
  };
}
