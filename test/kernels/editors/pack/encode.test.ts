import { expect } from "chai";
import fc from "fast-check";
import { decodePlain } from "../../../../kernels/editors/pack/decode.ts";
import { PlainEncoder } from "../../../../kernels/editors/pack/encode.ts";
import { EditPackError } from "../../../../kernels/editors/pack/errors.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";

/** There and back, through JSON text as a file has it. */
function again(value: unknown): unknown {
  const encoder = new PlainEncoder();
  const json = JSON.stringify(encoder.encode(value, "x"));
  return decodePlain(JSON.parse(json), encoder.tensors);
}
const decode = (json: string) => decodePlain(JSON.parse(json), new Map());

describe("plain data of a pack", () => {
  it("come back as they were, whatever they are", () => {
    const leaf = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(null, undefined, NaN, -0, Infinity, -Infinity),
      fc.float32Array(),
      fc.float64Array(),
      fc.uint8Array(),
      fc.uint32Array(),
      fc.bigInt64Array(),
      fc.float32Array().map((data) => float32(data, [1, data.length])),
      fc.uint16Array().map((data) => ({ type: "float16" as const, dims: [data.length], data })),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$tensor", "__proto__", "$object", "a.b")), tie("tree"), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(again(value)).to.deep.equal(value);
      }),
      { numRuns: 500, seed: 6 },
    );
  });

  it("are kept once where tensors share their numbers, and apart in another shape", () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const value = { a: float32(data, [2, 2]), b: float32(data, [2, 2]), c: float32(data, [4]), d: data };
    const encoder = new PlainEncoder();
    const json = encoder.encode(value, "x");
    expect(json).to.deep.equal({ a: { $tensor: "x.a" }, b: { $tensor: "x.a" }, c: { $tensor: "x.c" }, d: { $array: "x.c" } }); // prettier-ignore
    expect(decodePlain(json, encoder.tensors)).to.deep.equal(value);
  });

  it("keep the bits of numbers, of a view of a larger buffer too", () => {
    const bits = Uint32Array.of(0x7fc00001, 0xffc12345, 0x80000000, 1, 0x7f7fffff, 0x3f800000);
    const data = new Float32Array(bits.buffer).subarray(1, 5);
    const encoder = new PlainEncoder();
    const json = encoder.encode({ delta: float32(data, [2, 2]) }, "x");
    expect(json).to.deep.equal({ delta: { $tensor: "x.delta" } });
    const { data: back } = (decodePlain(json, encoder.tensors) as { delta: { data: Float32Array } }).delta;
    expect([...new Uint32Array(back.buffer, back.byteOffset, 4)]).to.deep.equal([...bits.subarray(1, 5)]);
  });

  it("keep what occurs twice once, and let two paths read alike", () => {
    const shared = int64([1, 2], [2]);
    const encoder = new PlainEncoder();
    encoder.encode({ a: shared, b: shared, "c.d": float32([1], [1]), c: { d: float32([2], [1]) } }, "x");
    expect([...encoder.tensors.keys()]).to.deep.equal(["x.a", "x.c.d", "x.c.d'"]);
    const { a, b } = again({ a: shared, b: shared }) as Record<string, unknown>;
    expect(a).to.equal(b);
  });

  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  for (const [what, value, message] of [
    ["a function", { run: () => 1 }, /^x\.run is a function, which a pack cannot keep/],
    ["a date", [new Date(0)], /^x\.0 is an instance of Date/],
    ["a map", { keys: new Map() }, /^x\.keys is an instance of Map/],
    ["a buffer of Node", Buffer.alloc(2), /^x is a Buffer/],
    ["a tensor with too few numbers", { a: { type: "float32", dims: [3], data: new Float32Array(2) } }, /^x\.a is a tensor of 2 numbers that says float32 \[3\]/], // prettier-ignore
    ["a tensor with other numbers than it says", { type: "int64", dims: [2], data: new Float32Array(2) }, /says int64/],
    ["a circle", circle, /is nested more than 64 deep, or in a circle/],
  ] as const)
    it(`refuse ${what}`, () => {
      expect(() => again(value)).to.throw(EditPackError, message);
    });

  for (const [what, json, message] of [
    ["a tensor that is not there", '{"$tensor":"a"}', /names a tensor "a" that is not in it/],
    ["a tensor without a name", '{"$tensor":["a"]}', /names a tensor \[?.*that is not in it/],
    ["a word of a newer medke", '{"$sparse":1}', /has a value "\$sparse", which this medke does not know/],
    ["a word beside others", '{"$tensor":"a","b":1}', /has a value "\$tensor"/],
    ["a word from the object's prototype", '{"$constructor":1}', /does not know/],
    ["a number that is none", '{"$number":"toString"}', /has a number "toString"/],
    ["a whole number that is none", '{"$bigint":"1n"}', /has a whole number "1n"/],
    ["data nested very deep", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, /nested more than 64 deep/],
  ] as const)
    it(`of a file: refuse ${what}`, () => {
      expect(() => decode(json)).to.throw(EditPackError, message);
    });

  it("of a file: refuse a tensor that belongs nowhere, and numbers of a type that tensors do not have", () => {
    const one = { dtype: "U32", shape: [1], data: Uint32Array.of(1) } as const;
    expect(() => decodePlain([], new Map([["left", one]]))).to.throw(EditPackError, /tensor "left" that belongs to no/);
    expect(() => decodePlain({ $tensor: "a" }, new Map([["a", one]]))).to.throw(EditPackError, /tensor "a"/);
    const loose = { type: "float32", dims: [1e9], data: { $array: "a" } };
    const floats = { dtype: "F32", shape: [1], data: Float32Array.of(1) } as const;
    expect(() => decodePlain(loose, new Map([["a", floats]]))).to.throw(EditPackError, /not among its tensors/);
    expect(decodePlain({ $array: "a" }, new Map([["a", one]]))).to.deep.equal(one.data);
  });

  it("of a file: leave the prototype alone", () => {
    const value = decode('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
    expect(Object.keys(value)).to.deep.equal(["__proto__"]);
    expect(value.polluted).to.equal(undefined);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });
});
