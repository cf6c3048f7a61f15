import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import type { CaseResult } from "../../../kernels/evaluation/result.ts";
import { formatLine, parseLine } from "../../../kernels/runs/part-line.ts";
import { openPart } from "../../../kernels/runs/part-writer.ts";
import { RunStoreError } from "../../../kernels/runs/run-store-error.ts";
import { Store } from "../../../kernels/runs/store.ts";

const result = (id: string, fields: Partial<CaseResult> = {}): CaseResult => ({
  id,
  question: "Größe?",
  answer: "no",
  target: "yes",
  probes: [],
  edit_ms: 1,
  ...fields,
});

describe("the result store", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "medke-store-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const partsOf = () => readdirSync(join(folder, "parts")).map((name) => join(folder, "parts", name));

  it("reads back what was appended, from several part files", () => {
    for (const keys of [["a", "b"], ["c"]]) {
      const part = openPart(folder);
      for (const key of keys) part.append(key, result(key));
      part.close();
    }
    const store = new Store<CaseResult>(folder);
    expect(store.keys().sort()).to.deep.equal(["a", "b", "c"]);
    for (const key of ["a", "b", "c"]) expect(store.get(key)).to.deep.equal(result(key));
    expect(store.get("d")).to.equal(undefined);
    expect([store.torn, store.duplicates, store.conflicts]).to.deep.equal([0, 0, []]);
    expect(partsOf()).to.have.length(2);
  });

  it("gives back what it has just taken, keeps kinds apart, and makes no file before there is something to keep", () => {
    const [results, base] = [new Store<CaseResult>(folder), new Store<{ said: string }>(folder, { kind: "base" })];
    expect(readdirSync(folder)).to.deep.equal([]);
    base.put("a", { said: "Größe" });
    for (const key of ["a", "b"]) results.put(key, result(key));
    expect([results.get("b"), base.get("a"), base.get("b")]).to.deep.equal([result("b"), { said: "Größe" }, undefined]);
    expect([results.size, base.size]).to.deep.equal([2, 1]);
    results.close();
    base.close();
  });

  it("reads part files larger than it reads at once", () => {
    const part = openPart(folder);
    const long = "word ".repeat(60_000);
    for (let i = 0; i < 8; i++) part.append(`k${i}`, result(`${i}`, { question: `${i} ${long}` }));
    part.close();
    const store = new Store<CaseResult>(folder);
    for (let i = 0; i < 8; i++) expect(store.get(`k${i}`)?.question).to.equal(`${i} ${long}`);
  });

  it("holds nothing where there is no folder", () => expect(new Store(join(folder, "nowhere")).size).to.equal(0));

  it("drops a torn last line wherever it was cut, even in the middle of a letter", () => {
    const part = openPart(folder);
    part.append("a", result("a"));
    part.append("b", result("b"));
    part.close();
    const [file] = partsOf();
    const whole = readFileSync(file);
    const first = whole.indexOf(10) + 1;
    for (let cut = first + 1; cut < whole.length; cut++) {
      writeFileSync(file, whole.subarray(0, cut));
      const store = new Store(folder);
      expect([store.keys(), store.torn], `cut at ${cut}`).to.deep.equal([["a"], 1]);
    }
  });

  it("drops a line whose bytes changed on disk, and keeps its neighbours", () => {
    const part = openPart(folder);
    for (const key of ["a", "b", "c"]) part.append(key, result(key));
    part.close();
    const [file] = partsOf();
    writeFileSync(file, readFileSync(file, "utf8").replace('"id":"b"', '"id":"x"'));
    const store = new Store(folder);
    expect([store.keys(), store.torn]).to.deep.equal([["a", "c"], 1]);
  });

  it("takes the earliest of two results of a unit whatever the file order, and reports a conflict only where they differ", () => {
    const line = (key: string, part: string, at: number, fields: Partial<CaseResult>) =>
      formatLine({ key, part, at, result: result(key, fields) });
    openPart(folder).close();
    const files = ["p1.jsonl", "p2.jsonl"].map((name) => join(folder, "parts", name));
    const earlier = [line("same", "p1", 1, { edit_ms: 5 }), line("differs", "p1", 1, { answer: "left" })];
    const later = [line("same", "p2", 2, { edit_ms: 9 }), line("differs", "p2", 2, { answer: "right" })];
    for (const [one, two] of [
      [earlier, later],
      [later, earlier],
    ]) {
      writeFileSync(files[0], Buffer.concat(one));
      writeFileSync(files[1], Buffer.concat(two));
      const store = new Store<CaseResult>(folder);
      expect([store.get("same")?.edit_ms, store.get("differs")?.answer]).to.deep.equal([5, "left"]);
      expect([store.duplicates, store.conflicts]).to.deep.equal([2, ["differs"]]);
    }
  });

  it("stops writing to a part after a short write, and says what to do", () => {
    const part = openPart(folder, { write: (fd, bytes) => writeSync(fd, bytes.subarray(0, 10)) });
    expect(() => part.append("a", result("a"))).to.throw(
      RunStoreError,
      /run folder .* cannot be written \(10 of \d+ bytes were written\)\. Free space/,
    );
    expect(() => part.append("b", result("b"))).to.throw(/^internal: the part file is closed/);
    expect(new Store(folder).torn).to.equal(1);
  });

  it("names a folder that cannot be used", () => {
    appendFileSync(join(folder, "file"), "");
    expect(() => openPart(join(folder, "file"))).to.throw(RunStoreError, /file: it cannot be written/);
  });

  it("finds every change of one byte in a line", () =>
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 127 }), (place, flip) => {
        const line = formatLine({ key: "k", part: "p", at: 3, result: result("a") });
        line[place % (line.length - 1)] ^= flip;
        expect(parseLine(line.toString("utf8", 0, line.length - 1))).to.equal(undefined);
      }),
    ));
});
