import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { MalformedRecordError } from "../../../datasets/record-fields.ts";
import { isUserFacing, UnknownNameError } from "../../../kernels/errors.ts";
import { numpyRandom } from "../../../kernels/numpy-random.ts";
import { vlkeb } from "../../../datasets/vlkeb/benchmark.ts";
import { medmkeb } from "../../../datasets/medmkeb/benchmark.ts";
import { mmedit } from "../../../datasets/mmedit/benchmark.ts";
import { all, failure, inScratch } from "../scratch-files.ts";
import { visualRecord } from "./visual-record.ts";

const IMAGES = { "images/1.png": "", "images/1b.png": "", "images/1c.png": "" };

describe("visualReader", () => {
  it("gives every probe of the eleven fields, in their order, with strings as they stand", () =>
    inScratch(
      { "eval.json": [visualRecord(1, { alt: " corda_major", extra: { a: 1 } })], ...IMAGES },
      async (folder) => {
        const reading = vlkeb.read({ folder });
        const [made] = await all(reading);
        expect(made.id).to.equal("vlkeb-eval-0");
        expect(made).to.include({ question: "Which organ is shown?", answer: "velum 1", target: " corda_major" });
        expect(made.probes.map(({ kind, name, image }) => [kind, name, image?.id])).to.deep.equal([
          ["reliability", undefined, "images/1.png"],
          ["text-generality", undefined, "images/1.png"],
          ["image-generality", undefined, "images/1b.png"],
          ["text-locality", undefined, undefined],
          ["image-locality", "other-question", "images/1c.png"],
        ]);
        expect(made.image!.path).to.equal(join(folder, "images/1.png"));
        expect(made.meta).to.deep.equal({ extra: '{"a":1}' });
        expect([reading.notes, reading.skipped, reading.sources]).to.deep.equal([[], [], ["eval.json"]]);
      },
    ));

  it("counts missing images per field and still gives the record, unless images are needed", () =>
    inScratch({ "eval.json": [visualRecord(1), visualRecord(2)], ...IMAGES }, async (folder) => {
      const reading = vlkeb.read({ folder });
      expect(await all(reading)).to.have.lengthOf(2);
      expect(reading.notes.map(({ reason, count }) => `${reason} ${count}`)).to.deep.equal(
        ["image", "image_rephrase", "m_loc"].map((field) => `field "${field}": the image file is missing 1`),
      );
      const strict = vlkeb.read({ folder, needImages: true });
      expect((await all(strict)).map(({ id }) => id)).to.deep.equal(["vlkeb-eval-0"]);
      expect(strict.skipped).to.deep.equal([{ reason: 'field "image": the image file is missing', count: 1 }]);
    }));

  it("counts empty targets and leaves out the probes of empty fields, with a note", () =>
    inScratch(
      { "eval.json": [visualRecord(1, { alt: " " }), visualRecord(1, { rephrase: "", loc: null })], ...IMAGES },
      async (folder) => {
        const reading = vlkeb.read({ folder });
        const [made] = await all(reading);
        expect(made.probes.map(({ kind }) => kind)).to.deep.equal([
          "reliability",
          "image-generality",
          "image-locality",
        ]);
        expect(reading.skipped).to.deep.equal([{ reason: "the target is empty", count: 1 }]);
        expect(reading.notes.map(({ reason }) => reason)).to.deep.equal([
          'field "rephrase" is missing or empty: text generality is left out',
          'field "loc" is missing or empty: text locality is left out',
        ]);
      },
    ));

  it("refuses references that leave the folder, by file, line and field, or counts them", () =>
    inScratch(
      { "eval.json": [visualRecord(1), visualRecord(1, { m_loc: "../../secret.png" })], ...IMAGES },
      async (folder) => {
        const error = await failure(all(vlkeb.read({ folder })));
        expect(error).to.be.instanceOf(MalformedRecordError);
        expect(error.message).to.match(
          /eval\.json, line 24 \(record 1\), field "m_loc": the reference leaves the image folder/,
        );
        const reading = vlkeb.read({ folder, onInvalid: "report" });
        expect(await all(reading)).to.have.lengthOf(1);
        expect(reading.skipped).to.deep.equal([{ reason: 'the record is malformed (field "m_loc")', count: 1 }]);
      },
    ));

  it("follows no link out of the folder", () =>
    inScratch(
      { "data/eval.json": [visualRecord(1, { image: "images/out.png" })], "outside.png": "" },
      async (folder) => {
        mkdirSync(join(folder, "data/images"));
        symlinkSync(join(folder, "outside.png"), join(folder, "data/images/out.png"));
        expect((await failure(all(vlkeb.read({ folder: join(folder, "data") })))).message).to.include(
          "a link leaves the image folder",
        );
      },
    ));

  it("takes the file itself, and a root of images whose name references begin with", () =>
    inScratch({ "data/eval.json": [visualRecord(1)] }, async (folder) => {
      const images = join(folder, "elsewhere/images");
      mkdirSync(images, { recursive: true });
      for (const name of ["1.png", "1b.png", "1c.png"]) writeFileSync(join(images, name), "");
      const reading = vlkeb.read({ folder: join(folder, "data/eval.json"), images });
      const [made] = await all(reading);
      expect([made.image!.path, made.image!.id]).to.deep.equal([join(images, "1.png"), "images/1.png"]);
      expect(reading.notes).to.deep.equal([]);
    }));

  it("shuffles as numpy does in the official order", () =>
    inScratch({ "eval.json": Array.from({ length: 9 }, (_, i) => visualRecord(i)) }, async (folder) => {
      const ids = async (order: "file" | "official") =>
        (await all(vlkeb.read({ folder, order, seed: 4 }))).map(({ id }) => Number(id.split("-").at(-1)));
      const file = await ids("file");
      expect(file).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(await ids("official")).to.deep.equal([...numpyRandom(4).shuffle([...file])]);
    }));

  it("adds hard negatives where the data allow, the same whatever the order, and says where not", () =>
    inScratch(
      {
        "vqa/vqa_eval.json": [
          visualRecord(1, { alt: "bell" }),
          visualRecord(2, { alt: "drum" }),
          visualRecord(1, { src: "How many are there?", alt: "4" }),
          visualRecord(3, { src: "Is it red?", alt: "no" }),
          visualRecord(4, { src: "which organ is shown? ", alt: "Bell." }),
        ],
      },
      async (folder) => {
        const reading = mmedit.read({ folder, hardNegatives: true });
        const cases = await all(reading);
        const named = cases.map(({ probes }) =>
          probes.filter(({ name }) => ["same-question", "same-image", "negated"].includes(name ?? "")),
        );
        // The third to ask it has the first one's target: only the second one shows another class.
        expect(
          named[0].map(({ kind, name, image, question, expect }) => [kind, name, image!.id, question, expect]),
        ).to.deep.equal([
          [
            "image-locality",
            "same-question",
            "images/2.png",
            "Which organ is shown?",
            { unchanged: true, context: "drum" },
          ],
          [
            "fine-grained-locality",
            "same-image",
            "images/1.png",
            "How many are there?",
            { unchanged: true, context: "4" },
          ],
          [
            "fine-grained-locality",
            "negated",
            "images/1.png",
            "Which organ is not shown?",
            { unchanged: true, context: "bell" },
          ],
        ]);
        expect(named[3]).to.deep.equal([]);
        expect(reading.notes).to.deep.include({
          reason: 'no hard negative "same-image": the data do not allow one',
          count: 3,
        });
        const shuffled = await all(mmedit.read({ folder, hardNegatives: true, order: "official" }));
        for (const made of shuffled) expect(cases).to.deep.include(made);
        expect(
          (await all(mmedit.read({ folder }))).flatMap(({ probes }) => probes.filter(({ name }) => name === "negated")),
        ).to.deep.equal([]);
      },
    ));

  it("refuses unknown splits and options before it reads", () => {
    expect(() => vlkeb.read({ folder: ".", split: "evel" })).to.throw(UnknownNameError, /did you mean "eval"/);
    expect(() => vlkeb.read({ folder: ".", onInvalid: "ignore" as "throw" })).to.throw(UnknownNameError);
  });

  it("takes whatever JSON holds: each record comes or is counted, and refusals are messages for the user", async function () {
    this.timeout(60_000);
    const fields = [
      "id",
      "src",
      "alt",
      "pred",
      "image",
      "m_loc",
      "port_new",
      "hard_negatives",
      "__proto__",
      "toString",
    ];
    const record = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()).map((odd) => ({ ...visualRecord(1), ...odd })),
      fc
        .jsonValue()
        .map((value) => visualRecord(1, { port_new: [value, { port_type: value, "Q&A": value, attack_type: value }] })),
      fc
        .constantFrom("/etc/passwd", "..\\x", "C:\\x", "file:///x", "a\u0000b", "x".repeat(5000))
        .map((image) => visualRecord(1, { image })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 5 }), fc.constantFrom("eval", "attack"), (records, split) =>
        inScratch({ "eval.json": records, "eval_data_attack.json": records }, async (folder) => {
          const reading = medmkeb.read({ folder, split, onInvalid: "report", hardNegatives: true });
          const cases = await all(reading);
          const skipped = reading.skipped.reduce((sum, { count }) => sum + count, 0);
          expect(cases.length + skipped).to.equal(records.length);
          for (const { image, probes } of cases)
            for (const shown of [image, ...probes.map((probe) => probe.image)])
              if (shown) expect(shown.path.startsWith(folder)).to.equal(true);
          const thrown = await all(medmkeb.read({ folder, split })).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (thrown) expect(isUserFacing(thrown), String(thrown)).to.equal(true);
          const report = await medmkeb.validate(folder);
          expect(report.files.reduce((sum, file) => sum + file.records, 0)).to.equal(2 * records.length);
        }),
      ),
      { numRuns: 60 },
    );
  });
});
