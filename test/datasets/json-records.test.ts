import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { type JsonRecord, jsonRecords, recordParser } from "../../datasets/json-records.ts";
import { BenchmarkFileError, BenchmarkMissingError } from "../../datasets/read-json-array.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Parses bytes cut at the given places. */
function parse(text: Uint8Array, cuts: readonly number[] = []): JsonRecord[] {
  const parser = recordParser("b: f.json");
  const at = [0, ...[...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b), text.length];
  const records = at.slice(1).flatMap((end, i) => parser.write(text.slice(at[i], end)));
  parser.end();
  return records;
}

const failure = (text: string | Uint8Array): Error => {
  try {
    parse(typeof text === "string" ? bytes(text) : text);
  } catch (error) {
    expect(error).to.be.instanceOf(BenchmarkFileError);
    return error as Error;
  }
  return expect.fail(`parsed: ${text}`);
};

describe("jsonRecords", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-json-"));
  after(() => rmSync(folder, { recursive: true }));

  it("gives what JSON.parse gives, wherever the bytes are cut", () => {
    const record = fc.oneof(
      fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 8 }),
        fc.array(fc.nat()),
        fc.constantFrom(undefined, 2, "\t"),
        fc.boolean(),
        (records, cuts, indent, mark) => {
          const text = JSON.stringify(records, null, indent);
          const found = parse(bytes(`${mark ? "\uFEFF" : ""}${text}`), cuts);
          expect(found.map(({ value }) => value)).to.deep.equal(JSON.parse(text));
          expect(found.map(({ index }) => index)).to.deep.equal(records.map((_, i) => i));
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it("names the line of every field, wherever the bytes are cut", () => {
    const record = fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }), {
      minKeys: 1,
      maxKeys: 5,
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), fc.array(fc.nat()), (records, cuts) => {
        let line = 1;
        const places = records.map((fields) => {
          const start = ++line;
          const lines = Object.keys(fields).map((name) => [name, ++line] as const);
          line++;
          return { start, lines };
        });
        const found = parse(bytes(JSON.stringify(records, null, 1)), cuts);
        found.forEach((one, i) => {
          expect(one.line).to.equal(places[i].start);
          for (const [name, at] of places[i].lines) expect(one.lineOf(name), name).to.equal(at);
          expect(one.lineOf("absent field")).to.equal(places[i].start);
        });
      }),
      { seed: 2 },
    );
  });

  it("reads an object of records with their keys", () => {
    const found = parse(bytes('{"10001": {"a": 1},\n "10002": {"a": 2}}'));
    expect(found.map(({ key, value, line }) => [key, value, line])).to.deep.equal([
      ["10001", { a: 1 }, 1],
      ["10002", { a: 2 }, 2],
    ]);
  });

  it("keeps a key __proto__ as a field of its own", () => {
    const [{ value }] = parse(bytes('[{"__proto__": {"polluted": 1}, "constructor": "x"}]'));
    expect(Object.keys(value as object)).to.deep.equal(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });

  for (const [text, place] of [
    ['[{"a": 1},\n {"a": }]', "line 2, column 8: broken JSON"],
    ['[{"é": 1 "b"}]', "line 1, column 10: broken JSON"],
    ["[1,\n2", "line 2, column 2: broken JSON (the file ends too early)"],
    ['{"a": {"b": 1}}\nx', "line 2, column 1: broken JSON"],
    ['[{"a": 1}]]', "line 1, column 11: broken JSON (text after the end)"],
    ['"x"', "line 1, column 1: expected a list of records"],
    ["[tru]", "line 1, column 5: broken JSON"],
    ['[{"a": "\u0001"}]', "line 1, column 9: broken JSON"],
    ["", "the file ends too early"],
  ])
    it(`names the place of what is wrong in ${JSON.stringify(text)}`, () => {
      expect(failure(text).message).to.contain(place);
    });

  for (const [what, at, ...rest] of [
    ["a byte that UTF-8 has not", 0xff, 0x22, 0x7d, 0x5d],
    ["a character of another encoding", 0xe9, 0x22, 0x7d, 0x5d],
    ["a continuation without a beginning", 0x80, 0x22, 0x7d, 0x5d],
  ] as const)
    it(`says of ${what} that it is no UTF-8, and where, wherever the bytes are cut`, () => {
      const before = bytes('[\n{"é": "€');
      const text = Uint8Array.from([...before, at, ...rest]);
      // A lead byte is wrong only by what follows it.
      const place =
        at === 0xe9
          ? "line 2, column 10: not UTF-8 (byte 0x22)"
          : `line 2, column 9: not UTF-8 (byte 0x${at.toString(16)})`;
      for (let cut = 0; cut <= text.length; cut++)
        expect(() => parse(text, [cut]), `cut at ${cut}`).to.throw(BenchmarkFileError, place);
    });

  it("refuses what is too deep, or one record without end", () => {
    expect(failure("[".repeat(100_000)).message).to.contain("nested deeper than 64 levels");
    const parser = recordParser("b: f.json");
    parser.write(bytes('[{"a": "'));
    const piece = bytes("x".repeat(2 ** 20));
    expect(() => {
      for (let i = 0; i < 20; i++) parser.write(piece);
    }).to.throw(BenchmarkFileError, "larger than 16 MiB");
  });

  it("says which file cannot be read", async () => {
    for (const path of [join(folder, "absent.json"), folder]) {
      const error = await jsonRecords(path, "b")
        .next()
        .catch((error) => error);
      expect(error).to.be.instanceOf(BenchmarkMissingError);
      expect(error.message).to.contain("b: ");
    }
  });

  it("reads 32 MB in a heap of 24 MB", () => {
    const file = join(folder, "large.json");
    const out = openSync(file, "w");
    const record = JSON.stringify({ text: "x".repeat(1000), list: [1, 2, 3] });
    for (let i = 0; i < 32; i++) writeSync(out, (i ? "," : "[") + Array(1000).fill(record).join(","));
    writeSync(out, "]");
    closeSync(out);
    const script = join(folder, "count.mts");
    const source = new URL("../../datasets/json-records.ts", import.meta.url);
    writeFileSync(
      script,
      `import { jsonRecords } from ${JSON.stringify(source.href)};\nlet n = 0;\nfor await (const _ of jsonRecords(process.argv[2], "b")) n++;\nconsole.log(n);`,
    );
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--max-old-space-size=24", "--import", "tsx", script, file],
      { encoding: "utf8", cwd: join(import.meta.dirname, "../..") },
    );
    expect(stdout.trim(), stderr).to.equal("32000");
  });
});
