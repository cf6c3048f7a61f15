// Plain data as JSON and named tensors, without loss. What JSON has no word for becomes an object with one key that begins with "$":
//   {"$tensor": name} {"$array": name}   numbers, which lie in the file under that name
//   {"$number": "NaN" | "Infinity" | "-Infinity" | "-0"}   {"$bigint": "12"}   {"$undefined": true}
//   {"$object": {...}}   an object that has such a key itself
import { ELEMENT_TYPES, type StoredTensor } from "../../runtime/safetensors/element-types.ts";
import type { Tensor } from "../../tensor.ts";
import { arrayCode, isTensor, TENSOR_CODES } from "./array-types.ts";
import { EditPackError } from "./errors.ts";

/** Deeper data are refused on both sides; edits have about six levels. */
export const DEEPEST = 64;

/**
 * Makes JSON of plain data. Tensors and typed arrays go into `tensors`, named after their path; numbers that occur twice in one shape are kept once.
 *
 * Throws: EditPackError, with the path, for what would not come back as it was: functions, instances of classes, circles.
 */
export class PlainEncoder {
  readonly tensors = new Map<string, StoredTensor>();
  /** By the numbers themselves: an enlarged memory has those of the earlier one in tensors of its own. */
  readonly #names = new Map<object, string[]>();

  encode(value: unknown, path: string, depth = 0): unknown {
    if (depth > DEEPEST) throw notPlain(path, `is nested more than ${DEEPEST} deep, or in a circle`);
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        if (Object.is(value, -0)) return { $number: "-0" };
        return Number.isFinite(value) ? value : { $number: String(value) };
      case "bigint":
        return { $bigint: String(value) };
      case "undefined":
        return { $undefined: true };
      case "object":
        return value === null ? null : this.#object(value, path, depth);
      default:
        throw notPlain(path, `is a ${typeof value}`);
    }
  }

  #object(value: object, path: string, depth: number): unknown {
    if (ArrayBuffer.isView(value)) return { $array: this.#array(value, path) };
    if (Array.isArray(value)) return Array.from(value, (each, i) => this.encode(each, `${path}.${i}`, depth + 1));
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      throw notPlain(path, `is an instance of ${value.constructor?.name ?? "a class"}`);
    if (isTensor(value)) return { $tensor: this.#tensor(value, path) };
    const encoded = Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.encode(each, `${path}.${key}`, depth + 1)]),
    );
    return Object.keys(value).some((key) => key.startsWith("$")) ? { $object: encoded } : encoded;
  }

  #tensor(tensor: Tensor, path: string): string {
    const { type, dims, data } = tensor;
    const dtype = TENSOR_CODES[type];
    const size = dims.reduce((product, each) => product * each, 1);
    if (size !== data.length || !(data instanceof ELEMENT_TYPES[dtype].array))
      throw notPlain(path, `is a tensor of ${data.length} numbers that says ${type} [${dims}]`);
    return this.#keep({ dtype, shape: dims, data }, path);
  }

  #array(array: ArrayBufferView, path: string): string {
    const dtype = arrayCode(array);
    if (!dtype) throw notPlain(path, `is a ${array.constructor.name}`);
    const data = array as StoredTensor["data"];
    return this.#keep({ dtype, shape: [data.length], data }, path);
  }

  #keep(stored: StoredTensor, path: string): string {
    const names = this.#names.get(stored.data) ?? [];
    const known = names.find((name) => sameForm(this.tensors.get(name)!, stored));
    if (known !== undefined) return known;
    // Keys may contain dots, so that two paths may read alike.
    let name = path;
    while (this.tensors.has(name)) name += "'";
    this.tensors.set(name, stored);
    this.#names.set(stored.data, [...names, name]);
    return name;
  }
}

const sameForm = (a: StoredTensor, b: StoredTensor) => a.dtype === b.dtype && a.shape.join() === b.shape.join();

const notPlain = (path: string, what: string) =>
  new EditPackError(
    `${path} ${what}, which a pack cannot keep. An edit consists of plain data: objects, lists, texts, numbers, tensors.`,
  );
