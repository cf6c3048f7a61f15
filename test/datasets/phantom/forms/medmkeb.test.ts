import { expect } from "chai";
import { medmkeb } from "../../../../datasets/phantom/forms/medmkeb.ts";
import type { attackJson, medmkebJson } from "../../../../datasets/phantom/forms/medmkeb-json.ts";
import { CancelledError } from "../../../../kernels/errors.ts";
import { exportFiles, parsed } from "./export-files.ts";
import { wording } from "./wording.ts";

type Row = ReturnType<typeof medmkebJson>;
type AttackRow = ReturnType<typeof attackJson>;

const STRINGS =
  "id src rephrase pred alt image image_rephrase loc loc_ans m_loc m_loc_q m_loc_a clinical_VQA_task department modality perceptual_granularity original_task".split(
    " ",
  );
const ATTACKS = ["伪权威干扰", "症状混淆", "误导性上下文", "无关临床细节", "模糊限定词"];
const counts = { train: 9, validation: 9, test: 27 };
const EVAL = "data/eval_data_threehop_final.json";

describe("phantom medmkeb", () => {
  let files: Map<string, Uint8Array>;
  const rows = (path: string) => parsed<Row[]>(files, path);
  before(async () => (files = await exportFiles(medmkeb, { seed: 0, counts })));

  const all = () => ["data/train_data.json", "data/validation_data.json", EVAL].map(rows);

  it("has the published fields, each a string, and edits in each split as many as asked for", () => {
    expect(all().map((split) => split.length)).to.deep.equal([9, 9, 27]);
    for (const row of all().flat()) {
      const values = row as unknown as Record<string, unknown>;
      for (const field of STRINGS) expect(values[field], field).to.be.a("string").that.is.not.empty;
      expect(new Set(Object.keys(values))).to.satisfy((keys: Set<string>) =>
        [...keys].every((key) => [...STRINGS, "port_new", "edit_family", "hard_negatives"].includes(key)),
      );
      expect(row.alt).to.not.equal(row.pred);
      expect(row.src).to.not.equal(row.rephrase);
      expect(new Set([row.image, row.image_rephrase, row.m_loc]).size).to.equal(3);
    }
    const ids = all().flat().map(({ id }) => id); // prettier-ignore
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("asks in one, two and three hops what follows from the target", () => {
    const asked = all()
      .flat()
      .flatMap((row) => ("port_new" in row ? row.port_new! : []));
    expect(new Set(asked.map(({ port_type }) => port_type))).to.deep.equal(new Set(["1-hop", "2-hop", "3-hop"]));
    for (const { "Q&A": qa, triple2 } of asked) {
      expect(qa.Question).to.match(/\?$/);
      expect(qa.Answer).to.equal(triple2.entity2);
    }
  });

  it("attacks every second test record with each of the five kinds, joined on image, question and answers", () => {
    const attacks = parsed<AttackRow[]>(files, "data/eval_data_attack.json");
    expect(attacks).to.have.lengthOf(14);
    expect(new Set(attacks.map(({ port_new }) => port_new[0].attack_type))).to.deep.equal(new Set(ATTACKS));
    const key = ({ image, src, pred, alt }: Pick<Row, "image" | "src" | "pred" | "alt">) =>
      [image, src, pred, alt].join("\n");
    const edits = new Set(rows(EVAL).map(key));
    for (const attack of attacks) {
      expect(edits.has(key(attack))).to.equal(true);
      expect(attack.port_new[0]["Q&A"].Question).to.contain(attack.src).and.not.equal(attack.src);
      expect(attack.port_new[0]["Q&A"].Answer).to.equal(attack.alt);
      expect(rows(EVAL).map(({ id }) => id)).to.not.include(attack.id);
    }
  });

  it("names no image that is not there, and has none that is not named", () => {
    const named = all()
      .flat()
      .flatMap((row) => [row.image, row.image_rephrase, row.m_loc, ...row.hard_negatives.map(({ image }) => image)]);
    const images = [...files.keys()].filter((path) => path.startsWith("images/"));
    expect(new Set(named)).to.deep.equal(new Set(images));
  });

  it("shares no image between splits, nor any at all", () => {
    const pictures = [...files].filter(([path]) => path.endsWith(".png"));
    const bytes = new Set(pictures.map(([, picture]) => Buffer.from(picture).toString("base64")));
    expect(bytes.size).to.equal(pictures.length);
  });

  it("shares no wording between splits, of what is edited and asked about images or of its rewordings", () => {
    for (const fields of [["src", "m_loc_q"], ["rephrase"]] as const) {
      const used = all().map((split) => new Set(split.flatMap((row) => fields.map((field) => wording(row[field])))));
      used.forEach((own, i) =>
        used.slice(i + 1).forEach((other) => expect([...own].filter((text) => other.has(text))).to.deep.equal([])),
      );
    }
  });

  it("has hard negatives of every kind", () => {
    const negatives = all().flatMap((split) =>
      split.flatMap((row) => row.hard_negatives.map((each) => ({ row, each }))),
    );
    for (const { row, each } of negatives) {
      if (each.negative_type === "same-question") {
        expect(each["Q&A"].Question).to.equal(row.src);
        expect(each["Q&A"].Answer).to.not.equal(row.alt);
        expect(each.image).to.not.equal(row.image);
      }
      if (each.negative_type === "same-image") expect(each.image).to.equal(row.image);
      if (each.negative_type === "other-attribute") expect(each.image).to.equal(row.image_rephrase);
      if (each.negative_type === "negated")
        expect(each.expected).to.equal(row["edit_family"].match(/-organ|-on-side/) ? "follows-from-alt" : "unchanged");
    }
    const kinds = new Set(negatives.map(({ each }) => each.negative_type));
    expect([...kinds].sort()).to.deep.equal(["negated", "other-attribute", "same-image", "same-question"]);
  });

  it("is the same bytes for one seed, and shares no image with another", async () => {
    const few = { train: 2, validation: 1, test: 3 };
    const [first, again, other] = await Promise.all(
      [5, 5, 6].map((seed) => exportFiles(medmkeb, { seed, counts: few })),
    );
    expect([...first.keys()]).to.deep.equal([...again.keys()]);
    for (const [path, bytes] of first) expect(Buffer.from(bytes).equals(again.get(path)!), path).to.equal(true);
    const pictures = (files: Map<string, Uint8Array>) =>
      [...files].filter(([path]) => path.endsWith(".png")).map(([, bytes]) => Buffer.from(bytes).toString("base64"));
    const seen = new Set(pictures(first));
    expect(seen.size).to.equal(pictures(first).length);
    expect(pictures(other).filter((picture) => seen.has(picture))).to.deep.equal([]);
  });

  it("stops between two records when it is cancelled", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const error = await exportFiles(medmkeb, { seed: 0, counts, signal: controller.signal, onProgress }).catch(
      (e) => e,
    );
    expect(error).to.be.instanceOf(CancelledError);
  });
});
