import { expect } from "chai";
import { asksOf } from "../../../../../../datasets/phantom/questions/index.ts";
import { sampleScene } from "../../../../../../datasets/phantom/world/sample-scene.ts";
import { COMPOSED_ASKS, FACT_ASKS, imageAsk, twoWordings } from "../../../../../../kernels/models/phantom/retrieval/pairs/text-ask.ts"; // prettier-ignore
import { drawAsks } from "../../../../../../kernels/models/phantom/retrieval/training/draw-asks.ts";
import { random } from "../../../../../../kernels/random.ts";

const scenes = Array.from({ length: 12 }, (_, i) => sampleScene(60 + i));

describe("asks for retrieval", () => {
  const stream = random(2);
  const visual = scenes.flatMap((scene) => asksOf(scene).map((ask) => imageAsk(ask, stream)));

  it("have a key for everything that can be asked: one wording never belongs to two of them", () => {
    const keys = new Map<string, string>();
    for (const ask of [...FACT_ASKS, ...COMPOSED_ASKS, ...visual])
      for (const split of ["train", "probe"] as const)
        for (let i = 0; i < 3; i++) {
          const wording = ask.word(split, stream);
          expect(keys.get(wording) ?? ask.key, wording).to.equal(ask.key);
          keys.set(wording, ask.key);
        }
  });

  it("give two different wordings to train on", () => {
    for (const ask of [...FACT_ASKS, ...visual]) {
      const [first, second] = twoWordings(ask, stream);
      expect(first).to.not.equal(second);
    }
  });

  it("are drawn without the heads kept for tests, often two about one thing", () => {
    const drawn = Array.from({ length: 20 }, () => drawAsks(scenes, 60, stream)).flat();
    expect(drawn).to.have.length(1200);
    expect(drawn.every(({ trained }) => trained)).to.equal(true);
    const held = [...FACT_ASKS, ...COMPOSED_ASKS].filter(({ trained }) => !trained);
    expect(held.length).to.be.above(100);
    const related = drawn.filter(
      ({ cluster, key }, i) => i > 0 && drawn[i - 1].cluster === cluster && drawn[i - 1].key !== key,
    );
    expect(related.length).to.be.above(300);
  });
});
