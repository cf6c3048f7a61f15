import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { EDITOR_IDS, editorNamed, editors } from "../../../kernels/editors/index.ts";
import { NoCasesError } from "../../../kernels/editors/require-cases.ts";
import { OptionError } from "../../../kernels/editors/read-options.ts";
import { CancelledError, UnknownNameError } from "../../../kernels/errors.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { EditableModel } from "../../../kernels/models/editable-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

describe("editor registry", () => {
  it("offers the nearest name for a misspelt editor", () => {
    expect(() => editorNamed("ft-lm")).to.throw(
      UnknownNameError,
      `unknown editor "ft-lm"; did you mean "ft-l"? Known: ${EDITOR_IDS.join(", ")}.`,
    );
  });

  it("has a row in the editor guide and a place in the README for every editor", () => {
    const guide = readFileSync("kernels/editors/README.md", "utf8");
    const readme = readFileSync("README.md", "utf8");
    for (const id of EDITOR_IDS) {
      expect(guide, id).to.include(`| \`${id}\``);
      expect(readme, id).to.include(`\`${id}\``);
    }
  });

  it("refuses unknown options and values of the wrong kind", () => {
    expect(() => editors["ft-llm"]({ step: 3 } as never)).to.throw(UnknownNameError, /did you mean "steps"/);
    expect(() => editors["ft-llm"]({ lr: "fast" } as never)).to.throw(
      OptionError,
      /ft-llm option "lr": "fast" is not a number/,
    );
  });
});

/** Editors that ask the model for nothing, so that there is no middle in which to stop them. */
const BASELINES: readonly string[] = ["no-op", "oracle"];

/** Calls by which an editor sets the model to work. */
const WORK = ["objective", "states", "generate", "sentenceEncoder", "embedText", "logits", "score"];

// What every editor must do, whatever its method.
describe("every editor", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 4 })).cases;
  });
  after(() => model?.dispose());

  for (const id of EDITOR_IDS) {
    describe(id, () => {
      const make = () => editorNamed(id);

      it("returns an edit as a value and leaves the model bit-identical", async () => {
        const before = await model.score(cases[0], cases[0].target);
        const edit = await make().edit(model, [cases[0]], { corpus: cases });
        expect(edit)
          .to.include({ editor: id })
          .and.have.property("provenance")
          .that.includes({ model: "phantom", seed: 0 });
        expect(edit.cases).to.deep.equal([cases[0].id]);
        expect(await model.score(cases[0], cases[0].target)).to.deep.equal(before);
      });

      it(id === "no-op" ? "changes nothing in its view" : "acts in its view", async () => {
        const view = model.with(await make().edit(model, [cases[0]], { corpus: cases }));
        const [before, after] = [
          await model.score(cases[0], cases[0].target),
          await view.score(cases[0], cases[0].target),
        ];
        if (id === "no-op") expect(after).to.deep.equal(before);
        else expect(after).to.not.deep.equal(before);
      });

      it("makes the same edit twice from the same seed", async () => {
        const [a, b] = [
          await make().edit(model, [cases[1]], { corpus: cases }),
          await make().edit(model, [cases[1]], { corpus: cases }),
        ];
        expect(a.id).to.equal(b.id);
      });

      if (make().takes?.includes("sequence"))
        it("keeps a record of itself alone, which does not grow in a sequence", async () => {
          const sizes: Record<string, number>[] = [];
          let view: EditableModel = model;
          for (const each of cases.slice(0, 2)) {
            const edit = await make().edit(view, [each], { corpus: cases });
            view = view.with(edit);
            const { loss: _, ...trace } = edit.provenance.trace ?? {};
            // Words and digits are of this length or that; lists count.
            const size = (value: unknown) =>
              Array.isArray(value) ? value.length : Math.ceil(String(value).length / 200);
            sizes.push(Object.fromEntries(Object.entries(trace).map(([name, value]) => [name, size(value)])));
          }
          for (const [name, size] of Object.entries(sizes[1])) expect(size, name).to.be.at.most(sizes[0][name]);
        });

      it("refuses an empty list of cases", async () => {
        const error = await make()
          .edit(model, [])
          .catch((e) => e);
        expect(error).to.be.instanceOf(NoCasesError);
      });

      it("returns an edit that cannot be reassigned", async () => {
        const edit = await make().edit(model, [cases[0]], { corpus: cases });
        expect(() => ((edit.interventions as unknown[])[0] = undefined)).to.throw(TypeError);
        expect(() => (edit.provenance.seed = 7)).to.throw(TypeError);
      });

      if (!BASELINES.includes(id))
        it("stops when asked in the middle", async () => {
          const controller = new AbortController();
          // The signal rises with the first piece of work that the editor asks of the model.
          const watched = new Proxy(model, {
            get(target, name) {
              const value = Reflect.get(target, name, target);
              if (typeof value !== "function") return value;
              return (...args: unknown[]) => {
                if (WORK.includes(String(name))) controller.abort();
                return value.apply(target, args);
              };
            },
          });
          const error = await make()
            .edit(watched, [cases[0]], { corpus: cases, signal: controller.signal })
            .catch((e) => e);
          expect(error).to.be.instanceOf(CancelledError);
        });

      it("stops when asked", async () => {
        const error = await make()
          .edit(model, [cases[0]], { corpus: cases, signal: AbortSignal.abort() })
          .catch((e) => e);
        expect(error).to.be.instanceOf(CancelledError);
      });
    });
  }
});
