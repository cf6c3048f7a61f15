import {
  mkdtempSync,
  openSync,
  closeSync,
  ftruncateSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import {
  type ElementCode,
  ELEMENT_TYPES,
  type StoredTensor,
} from "../../../../kernels/runtime/safetensors/element-types.ts";
import { parseHeader, SafetensorsError } from "../../../../kernels/runtime/safetensors/header.ts";
import { readHead, readTensors } from "../../../../kernels/runtime/safetensors/read.ts";
import { layOut, writeLayout } from "../../../../kernels/runtime/safetensors/write.ts";

describe("safetensors file", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-safetensors-"));
  const path = join(folder, "a.safetensors");
  after(() => rmSync(folder, { recursive: true }));

  async function read(file = path) {
    const handle = await open(file, "r");
    try {
      const head = await readHead(handle);
      const tensors = new Map<string, StoredTensor>();
      for await (const [name, tensor] of readTensors(handle, head)) tensors.set(name, tensor);
      return { metadata: head.metadata, tensors, head };
    } finally {
      await handle.close();
    }
  }

  it("gives back names, types, shapes, bits and metadata", async () => {
    const codes = Object.keys(ELEMENT_TYPES) as ElementCode[];
    const tensor = fc.tuple(fc.constantFrom(...codes), fc.nat(3), fc.nat(3)).chain(([dtype, a, b]) => {
      const size = a * b * ELEMENT_TYPES[dtype].bytes;
      return fc.uint8Array({ minLength: size, maxLength: size }).map((bytes): StoredTensor => {
        const data = new ELEMENT_TYPES[dtype].array(Uint8Array.from(bytes).buffer);
        return { dtype, shape: [a, b], data };
      });
    });
    const name = fc.string({ unit: "grapheme" }).filter((each) => each !== "__metadata__");
    const bits = ({ dtype, shape, data }: StoredTensor) => [
      ...[dtype, [...shape]],
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex"),
    ];
    const file = fc.tuple(
      fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
      fc.array(fc.tuple(name, tensor)),
    );
    await fc.assert(
      fc.asyncProperty(file, async ([metadata, entries]) => {
        const tensors = new Map(entries);
        await writeLayout(path, layOut(metadata, tensors));
        const back = await read();
        expect(back.metadata).to.deep.equal(metadata);
        expect(back.tensors.size).to.equal(tensors.size);
        for (const [key, value] of tensors) expect(bits(back.tensors.get(key)!)).to.deep.equal(bits(value));
        // Where others map the file into memory, numbers must lie at multiples of their size.
        for (const { dtype, begin } of back.head.tensors.values())
          expect((back.head.bytes.length + begin) % ELEMENT_TYPES[dtype].bytes).to.equal(0);
      }),
      { numRuns: 100, seed: 6 },
    );
  });

  it("lays bytes out as the format says", () => {
    const { head, data } = layOut(
      { a: "b" },
      new Map([["x", { dtype: "I32", shape: [2], data: Int32Array.of(1, -2) }]]),
    );
    const header = '{"__metadata__":{"a":"b"},"x":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}';
    expect(head.readBigUInt64LE()).to.equal(BigInt(head.length - 8));
    expect(head.toString("utf8", 8)).to.equal(header.padEnd(Math.ceil(header.length / 8) * 8));
    expect(Buffer.concat(data).toString("hex")).to.equal("01000000feffffff");
  });

  const entry = (dtype: unknown, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets });
  const good = entry("F32", [2], [0, 8]);
  const hostile: [string, unknown, RegExp][] = [
    ["a header that is a list", [], /the header is no object/],
    ["metadata that is a text", { __metadata__: "x", a: good }, /the metadata is no object/],
    ["metadata with a number in it", { __metadata__: { a: 1 }, x: good }, /metadata "a" is no text/],
    ["a tensor that is null", { a: null }, /tensor "a" is no object/],
    ["an unknown type", { a: entry("F128", [2], [0, 8]) }, /type "F128" is none that medke reads/],
    ["a type from the object's prototype", { a: entry("toString", [2], [0, 8]) }, /type "toString" is none/],
    ["a negative size", { a: entry("F32", [-2], [0, 8]) }, /shape \[-2\] is no list of sizes/],
    ["a size that is no whole number", { a: entry("F32", [0.5], [0, 2]) }, /shape \[0\.5\] is no list/],
    ["a shape that is no list", { a: entry("F32", { length: 1 }, [0, 8]) }, /shape \(an object\) is no list/],
    ["a shape with a million axes", { a: entry("F32", Array(1e6).fill(1), [0, 8]) }, /shape \(a list\) is no list/],
    ["a giant claim", { a: entry("F32", [2 ** 40], [0, 2 ** 42]) }, /do not lie in the 8 bytes of data/],
    ["a product that overflows", { a: entry("F32", Array(16).fill(2 ** 52), [0, 8]) }, /takes \S+e\+\d+ bytes, the file has 8/],
    ["a shape for more than its bytes", { a: entry("F32", [1000, 1000], [0, 8]) }, /takes 4000000 bytes, the file has 8/],
    ["a type for fewer than its bytes", { a: entry("F16", [2], [0, 8]) }, /F16 \[2\] takes 4 bytes, the file has 8/],
    ["bytes behind the end", { a: entry("F32", [2], [4, 12]) }, /bytes \[4, 12\] do not lie in the 8 bytes/],
    ["bytes in reverse", { a: entry("F32", [2], [8, 0]) }, /bytes \[8, 0\] do not lie/],
    ["bytes before the start", { a: entry("F32", [2], [-8, 0]) }, /do not lie/],
    ["one number for bytes", { a: entry("F32", [2], [8]) }, /bytes \[8\] do not lie/],
    ["two tensors in the same bytes", { a: good, b: good }, /tensor "b" begins at byte 0, inside the one before it, which ends at 8/],
    ["tensors that overlap", { a: entry("U8", [5], [0, 5]), b: entry("U8", [4], [4, 8]) }, /"b" begins at byte 4, inside/],
    ["a hole", { a: entry("U8", [3], [0, 3]), b: entry("U8", [4], [4, 8]) }, /"b" begins at byte 4, and the one before it ends at 3/],
    ["bytes that no tensor has", { a: entry("U8", [3], [0, 3]) }, /5 bytes at its end belong to no tensor/],
  ]; // prettier-ignore
  for (const [what, header, message] of hostile)
    it(`refuses ${what}`, () => {
      expect(() => parseHeader(Buffer.from(JSON.stringify(header)), 8)).to.throw(SafetensorsError, message);
    });

  const tensor = JSON.stringify(good);
  for (const [what, header] of [
    ["two tensors of one name", `{"a":${tensor},"a":${tensor}}`],
    ["the same under an escape", `{"a":${tensor},"\\u0061" : ${tensor}}`],
    ["two shapes of one tensor", '{"a":{"dtype":"F32","shape":[9],"shape":[2],"data_offsets":[0,8],"a":1}}'],
    ["a metadata name twice", `{"__metadata__":{"k":"{\\"k\\":1}","k":"v"},"a":${tensor}}`],
  ])
    it(`refuses ${what}`, () => {
      expect(() => parseHeader(Buffer.from(header), 8)).to.throw(SafetensorsError, /has the name ".*" twice/);
    });

  it("takes one name in several objects, and names in texts", () => {
    const header = `{"__metadata__":{"a":"{\\"a\\":1,\\"a\\":2}","dtype":"a"} , "a" : ${tensor}}`;
    expect(parseHeader(Buffer.from(header), 8).tensors.size).to.equal(1);
  });

  it("refuses a header that is no JSON or no UTF-8, and one nested very deep", () => {
    for (const bytes of [Buffer.from("{"), Buffer.from([0x7b, 0xff, 0x7d])])
      expect(() => parseHeader(bytes, 0)).to.throw(SafetensorsError, /its header is no JSON/);
    const deep = `{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`;
    expect(() => parseHeader(Buffer.from(deep), 0)).to.throw(SafetensorsError);
  });

  it("refuses lengths that the file does not have, at once and without taking memory", async () => {
    const whole = Buffer.concat([layOut({}, new Map()).head]);
    for (const [length, message] of [
      [0n, /claims a header of 0 bytes/],
      [1n << 63n, /claims a header of 9223372036854775808 bytes, 24 are there/],
      [BigInt(whole.length), /claims a header of/],
    ] as const) {
      const bytes = Buffer.from(whole);
      bytes.writeBigUInt64LE(length);
      writeFileSync(path, bytes);
      const error = await read().catch((e) => e);
      expect(error).to.be.instanceOf(SafetensorsError);
      expect(error.message).to.match(message);
    }
    for (const size of [0, 7]) {
      writeFileSync(path, whole.subarray(0, size));
      expect((await read().catch((e) => e)).message).to.match(/^it has \d bytes, which is no safetensors file$/);
    }
    // A gigabyte of nothing that says it is all header.
    const file = openSync(path, "w");
    ftruncateSync(file, 2 ** 30);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(2 ** 30 - 8));
    writeSync(file, length, 0, 8, 0);
    closeSync(file);
    const before = process.memoryUsage.rss();
    const started = performance.now();
    expect((await read().catch((e) => e)).message).to.match(/is longer than the 25000000 that are read/);
    expect(performance.now() - started).to.be.below(100);
    expect(process.memoryUsage.rss() - before).to.be.below(2 ** 26);
  });

  it("refuses a file that was cut while it was read", async () => {
    await writeLayout(path, layOut({}, new Map([["a", { dtype: "U8", shape: [64], data: new Uint8Array(64) }]])));
    const handle = await open(path, "r+");
    const head = await readHead(handle);
    await handle.truncate(readFileSync(path).length - 1);
    const error = await readTensors(handle, head)
      .next()
      .catch((e) => e);
    await handle.close();
    expect(error).to.be.instanceOf(SafetensorsError);
    expect(error.message).to.match(/it ends before its data do/);
  });

  it("does not write a header that is too long to be read", () => {
    expect(() => layOut({ a: "x".repeat(25e6) }, new Map())).to.throw(SafetensorsError, /25000000 can be read/);
  });
});
