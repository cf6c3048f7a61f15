import type { StoredTensor } from "../../runtime/safetensors/element-types.ts";
import { shownValue as shown } from "../../runtime/safetensors/shown-value.ts";
import { isArrayCode, isTensor, tensorOf } from "./array-types.ts";
import { DEEPEST } from "./encode.ts";
import { EditPackError } from "./errors.ts";

const NUMBERS: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity, "-0": -0 };

/**
 * Makes plain data of what PlainEncoder made: the inverse, for JSON that nobody vouches for.
 *
 * Throws: EditPackError for a word that is not known, a name that no tensor has, and for tensors that no place names.
 */
export function decodePlain(json: unknown, tensors: ReadonlyMap<string, StoredTensor>): unknown {
  const unused = new Set(tensors.keys());
  const decoded = new Map<string, object>();
  const stored = (name: unknown, make: (stored: StoredTensor) => object | undefined, word: string): object => {
    const found = typeof name === "string" ? tensors.get(name) : undefined;
    const value = found && (decoded.get(`${word} ${name}`) ?? make(found));
    if (!value) throw new EditPackError(`it names a tensor ${shown(name)} that is not in it`);
    unused.delete(name as string);
    decoded.set(`${word} ${name}`, value);
    return value;
  };

  const words: Record<string, (value: unknown, depth: number) => unknown> = {
    $tensor: (name) => stored(name, tensorOf, "tensor"),
    $array: (name) => stored(name, ({ dtype, data }) => (isArrayCode(dtype) ? data : undefined), "array"),
    $number: (word) => {
      if (typeof word === "string" && Object.hasOwn(NUMBERS, word)) return NUMBERS[word];
      throw new EditPackError(`it has a number ${shown(word)}`);
    },
    $bigint: (digits) => {
      if (typeof digits === "string" && /^-?\d{1,400}$/.test(digits)) return BigInt(digits);
      throw new EditPackError(`it has a whole number ${shown(digits)}`);
    },
    $undefined: () => undefined,
    $object: (value, depth) => entries(value, depth),
  };

  const entries = (value: unknown, depth: number) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new EditPackError(`it has ${shown(value)} where an object belongs`);
    const made = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each, depth + 1)]));
    // Its sizes would be checked against nothing.
    if (isTensor(made)) throw new EditPackError("it has a tensor that is not among its tensors");
    return made;
  };

  const decode = (value: unknown, depth: number): unknown => {
    if (depth > DEEPEST) throw new EditPackError(`its data are nested more than ${DEEPEST} deep`);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => decode(each, depth + 1));
    const [word, ...more] = Object.keys(value);
    if (!word?.startsWith("$")) return entries(value, depth);
    if (more.length || !Object.hasOwn(words, word))
      throw new EditPackError(`it has a value ${shown(word)}, which this medke does not know`);
    return words[word]((value as Record<string, unknown>)[word], depth);
  };

  const value = decode(json, 0);
  const [left] = unused;
  if (left !== undefined) throw new EditPackError(`it has a tensor ${shown(left)} that belongs to no edit`);
  return value;
}
