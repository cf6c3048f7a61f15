import type { PlacedRecord, RecordCheck } from "../validate-edits.ts";
import type { Checks } from "../validation.ts";
import type { MediconfusionRecord } from "./record.ts";

type PairCheck = RecordCheck<MediconfusionRecord, undefined>;

const both = (expected: number) => ({ test: expected, csv: expected });
const note = (id: string, field: string, summary: string, expected: number, found: PairCheck["found"]): PairCheck => ({
  id,
  summary,
  severity: "note",
  field,
  expected: both(expected),
  found,
});
const yesOrNo = (option: string) => /^(yes|no)\b/i.test(option);

/** Asked of every pair, with the counts of the published file. */
export const CHECKS: readonly PairCheck[] = [
  note("first-is-a", "im_1_correct", "first image is right with A", 88, ({ answers }) => answers[0] === "A"),
  note(
    "categories-agree",
    "category_1",
    "images have the same categories",
    143,
    ({ categories: [one, two] }) => one.join("\n") === two.join("\n"),
  ),
  note(
    "draft-kept",
    "AI_question",
    "draft is the final wording",
    119,
    ({ draft, question, options }) =>
      draft.question === question && draft.options.every((option, i) => option === options[i]),
  ),
  note(
    "draft-question-changed",
    "AI_question",
    "question was revised",
    43,
    ({ draft, question }) => draft.question !== question,
  ),
  note(
    "draft-a-changed",
    "AI_option_A",
    "option A was revised",
    19,
    ({ draft, options }) => draft.options[0] !== options[0],
  ),
  note(
    "draft-b-changed",
    "AI_option_B",
    "option B was revised",
    17,
    ({ draft, options }) => draft.options[1] !== options[1],
  ),
  note(
    "yes-no-options",
    "option_A",
    "options are yes and no",
    21,
    ({ options }) =>
      options
        .map((option) => option.toLowerCase())
        .sort()
        .join() === "no,yes",
  ),
  note("yes-no-option-a", "option_A", "option A begins with the word yes or no", 28, ({ options }) =>
    yesOrNo(options[0]),
  ),
  // Published counts have 28, which is that of option A alone.
  note("yes-no-any-option", "option_A", "options include one that begins with the word yes or no", 31, ({ options }) =>
    options.some(yesOrNo),
  ),
  {
    ...note("one-image", "im_2", "images are one", 0, ({ images: [one, two] }) => one === two),
    severity: "error",
  },
  {
    ...note(
      "caption-without-space",
      "cap_1",
      "captions do not both begin with a space, as the published ones do",
      0,
      ({ captions }) => captions.some((caption) => !caption.startsWith(" ")),
    ),
  },
];

/** Different images, their parts of ROCO and how often each comes; different questions; repeated pairs. */
export function countDistinct(checks: Checks, split: string, pairs: readonly MediconfusionRecord[]): void {
  const open = (id: string, summary: string, expected: number, found: number) =>
    checks.open(`${id}/${split}`, summary, "note", expected).count(found);
  const uses = new Map<string, number>();
  for (const image of pairs.flatMap(({ images }) => images)) uses.set(image, (uses.get(image) ?? 0) + 1);
  const images = [...uses.keys()];
  open("distinct-images", "distinct images", 228, images.length);
  for (const [part, expected] of [
    ["train", 174],
    ["validation", 36],
    ["test", 18],
  ] as const)
    // prettier-ignore
    open(`images-${part}`, `distinct images of ROCO's ${part}`, expected, images.filter((image) => image.startsWith(`${part}/`)).length);
  for (const [times, expected] of [
    [1, 169],
    [2, 38],
    [3, 7],
    [4, 4],
    [5, 3],
    [6, 3],
    [7, 1],
    [8, 2],
    [14, 1],
  ] as const)
    // prettier-ignore
    open(`images-used-${times}`, `images that come ${times} times`, expected, [...uses.values()].filter((n) => n === times).length);
  open("distinct-questions", "distinct questions", 173, new Set(pairs.map(({ question }) => question)).size);
  const keys = pairs.map(({ images }) => [...images].sort().join("\n"));
  open("repeated-pairs", "pairs of images that come again", 0, keys.length - new Set(keys).size);
}

const CATEGORIES: Readonly<Record<string, readonly [appearances: number, pairs: number]>> = {
  Cerebral: [79, 45],
  Vascular: [73, 38],
  "Head and Neck": [67, 40],
  Cardiac: [52, 26],
  Spinal: [51, 31],
  Gastrointestinal: [43, 23],
  Musculoskeletal: [42, 23],
  Pulmonary: [20, 11],
  "Nuclear Medicine": [14, 7],
};

/** How many images of how many pairs each category has, and how many categories an image has. */
export function countCategories(checks: Checks, split: string, pairs: readonly MediconfusionRecord[]): void {
  const lists = pairs.flatMap(({ categories }) => categories);
  for (const [name, [appearances, unions]] of Object.entries(CATEGORIES)) {
    const has = (list: readonly string[]) => list.includes(name);
    checks
      .open(`category-images/${name}/${split}`, `images of category ${name}`, "note", appearances)
      .count(lists.filter(has).length);
    checks
      .open(`category-pairs/${name}/${split}`, `pairs with category ${name}`, "note", unions)
      .count(pairs.filter(({ categories }) => categories.some(has)).length);
  }
  const others = new Set(lists.flat().filter((name) => !Object.hasOwn(CATEGORIES, name)));
  checks.open(`category-other/${split}`, "categories other than the nine", "note", 0).count(others.size);
  for (const [length, expected] of [
    [1, 271],
    [2, 73],
    [3, 8],
  ] as const)
    // prettier-ignore
    checks
      .open(`category-lists-${length}/${split}`, `images with ${length} ${length > 1 ? "categories" : "category"}`, "note", expected)
      .count(lists.filter((list) => list.length === length).length);
}

/** Similarities outside the range of the published pairs. */
export function similarityChecks(
  checks: Checks,
  split: string,
  pairs: readonly PlacedRecord<MediconfusionRecord>[],
): void {
  const outside = (field: "BiomedCLIP_sim" | "DINO_sim", of: "encoder" | "secondView", least: number, most: number) => {
    const check = checks.open(`${field}/${split}`, `pairs whose ${field} is outside ${least} to ${most}`, "note", 0);
    for (const { record, json, file } of pairs) {
      const value = record.similarity[of];
      if (value < least || value > most) check.find({ file, line: json.lineOf(field), field, value });
    }
  };
  outside("BiomedCLIP_sim", "encoder", 0.90004, 0.96756);
  outside("DINO_sim", "secondView", 0.33363, 0.74011);
}
