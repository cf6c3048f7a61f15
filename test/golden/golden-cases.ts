import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { GOLDEN_DIR } from "./golden-folders.ts";

/** A case of a golden file; see the README beside those files. */
export interface GoldenCase {
  id: string;
  kind: string;
  inputs: never;
  expected: Partial<Record<"official" | "corrected" | "own", unknown>>;
  tolerance: { abs: number; rel: number };
}

/** What a kind computes from a case's inputs: a value for each of the expected entries. A thrown error stands for `{ error }`. */
export type GoldenKind = Partial<Record<"official" | "corrected" | "own", (inputs: never) => unknown>>;

/** Words that stand in a file for a long value, and whether what was computed is what they say. */
export type Phrases = Record<string, (got: unknown, beside: Record<string, unknown>) => boolean>;

/**
 * Tests every case of one golden file. A kind that is not in `kinds`, and an expected entry that its kind does not compute, fail by name.
 * Where two tests share a file, `owns` says which kinds are this one's; between them they must own all.
 * The file may be absent where no test data is there; the runner then says so.
 */
export function describeGolden(
  file: string,
  kinds: Record<string, GoldenKind>,
  phrases: Phrases = {},
  owns: (kind: string) => boolean = () => true,
): void {
  const path = join(GOLDEN_DIR, file);
  if (!existsSync(path)) return;
  const { cases, case_count } = JSON.parse(readFileSync(path, "utf8")) as { cases: GoldenCase[]; case_count: number };
  describe(file, () => {
    it("holds as many cases as it says", () => expect(cases.length).to.equal(case_count));
    for (const { id, kind, inputs, expected, tolerance } of cases.filter((each) => owns(each.kind)))
      it(id, async () => {
        if (!(kind in kinds)) throw new Error(`${file}: nothing here computes kind "${kind}"`);
        for (const [entry, wanted] of Object.entries(expected)) {
          const compute = kinds[kind][entry as keyof GoldenKind];
          if (!compute) throw new Error(`${file}, kind "${kind}": nothing here computes the ${entry} value`);
          const got = await attempt(() => compute(inputs));
          agree(got, wanted, { ...tolerance, phrases }, entry);
        }
      });
  });
}

/** A failure becomes a value, because the official code's failures are values in these files. */
export async function attempt(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return { error };
  }
}

type Tolerance = GoldenCase["tolerance"] & { phrases: Phrases };

/** Every number within |got - want| <= abs + rel |want|; everything else, lengths too, equal. What is not expected is not compared. */
function agree(got: unknown, wanted: unknown, tolerance: Tolerance, at: string): void {
  if (typeof wanted === "number") {
    const error = Math.abs((got as number) - wanted);
    const limit = tolerance.abs + tolerance.rel * Math.abs(wanted);
    if (!(typeof got === "number" && error <= limit)) throw new Error(`${at}: got ${show(got)}, wanted ${wanted}`);
  } else if (Array.isArray(wanted)) {
    expect(got, at).to.be.an("array").with.length(wanted.length);
    wanted.forEach((each, i) => agree((got as unknown[])[i], each, tolerance, `${at}[${i}]`));
  } else if (typeof wanted === "object" && wanted !== null) {
    const error = (got as { error?: unknown } | undefined)?.error;
    if ("error" in wanted) return expect(error, `${at}: a failure`).to.be.instanceOf(Error) as never;
    if (error instanceof Error) throw error;
    const fields = (got ?? {}) as Record<string, unknown>;
    for (const [key, each] of Object.entries(wanted)) {
      const says = typeof each === "string" ? tolerance.phrases[each] : undefined;
      if (says) expect(says(fields[key], fields), `${at}.${key}: "${each}"`).to.equal(true);
      else agree(fields[key], each, tolerance, `${at}.${key}`);
    }
  } else if (wanted === "NaN") expect(got, at).to.be.NaN;
  else if (wanted === "Infinity" || wanted === "-Infinity") expect(got, at).to.equal(Number(wanted));
  else expect(got, at).to.equal(wanted);
}

const show = (value: unknown) => (value instanceof Error ? value.stack : JSON.stringify(value));
