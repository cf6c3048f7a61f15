import { ngramCounts, officialEntropy } from "../../kernels/evaluation/fluency/ngram-entropy.ts";
import { wordTokens } from "../../kernels/evaluation/fluency/word-tokens.ts";
import { describeGolden } from "./golden-cases.ts";

const entropies = (tokens: string[]) => {
  const [two, three] = [ngramCounts(tokens, 2), ngramCounts(tokens, 3)];
  return {
    ngram_entropy: officialEntropy(tokens),
    entropy_2: two.entropy,
    distinct_2: two.distinct,
    entropy_3: three.entropy,
    distinct_3: three.distinct,
  };
};

describeGolden("fluency.json", {
  tokens: { official: ({ tokens }: { tokens: string[] }) => entropies(tokens) },
  tokens_mean: {
    official: ({ texts }: { texts: string[][] }) => {
      const each = texts.map(officialEntropy);
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      return { arith: mean(each), geom: Math.exp(mean(each.map(Math.log))) };
    },
  },
  raw_text: {
    official: async ({ text }: { text: string }) => {
      const tokens = await wordTokens(text);
      return { tokens, ...entropies(tokens) };
    },
  },
});
