import { expect } from "chai";
import {
  asksOf,
  answersOf,
  PORTABILITY_FAMILIES,
  type QuestionAnswer,
  VISUAL_FAMILIES,
  visualQuestions,
} from "../../../../datasets/phantom/questions/index.ts";
import { tailOf } from "../../../../datasets/phantom/knowledge/index.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import type { Scene } from "../../../../datasets/phantom/world/scene.ts";
import { UnknownNameError } from "../../../../kernels/errors.ts";
import { random } from "../../../../kernels/random.ts";
import { readAnswer } from "./read-answer.ts";

const scenes = Array.from({ length: 250 }, (_, i) => sampleScene(9000 + i));

const questionsOf = (families?: readonly string[]): [Scene, QuestionAnswer][] =>
  scenes.flatMap((scene, i) =>
    visualQuestions(scene, random(i), { templates: i % 2 ? "train" : "probe", families }).map(
      (asked) => [scene, asked] as [Scene, QuestionAnswer],
    ),
  );

describe("questions about phantom scenes", () => {
  it("cover every family, with answers that the family lists", () => {
    const asked = questionsOf().map(([, question]) => question);
    const families = new Set(asked.map(({ family }) => family));
    expect([...families]).to.have.members([...VISUAL_FAMILIES, ...PORTABILITY_FAMILIES]);
    for (const { question, answer, family } of asked) {
      expect(answersOf(family), family).to.include(answer);
      expect(question).to.match(/^[a-z][a-z ,]*\?$/);
      expect(question).not.to.include("undefined");
    }
  });

  it("have the answers that an independent reading of the coordinates gives", () => {
    const read = new Map<string, number>();
    for (const [scene, { family, about, answer }] of questionsOf(VISUAL_FAMILIES)) {
      const expected = readAnswer(scene, family, about);
      if (expected === undefined) continue;
      expect(answer, `${family} ${about} of scene ${scene.seed}`).to.equal(expected);
      read.set(family, (read.get(family) ?? 0) + 1);
    }
    for (const family of [
      "organ-side",
      "finding-side",
      "finding-level",
      "finding-count",
      "device-side",
      "device-crosses",
    ])
      expect(read.get(family), family).to.be.above(20);
    for (const family of ["finding-on-side", "finding-in-organ", "device-covers", "finding-size"])
      expect(read.get(family), family).to.be.above(20);
  });

  it("have one answer each: no scene answers a question of one family about the same entities in two ways", () => {
    for (const scene of scenes) {
      const answers = new Map<string, string>();
      for (const ask of asksOf(scene)) {
        const worded = ask.word("train", random(0)).question;
        const key = `${ask.family} ${worded}`;
        expect(answers.get(key) ?? ask.answer, key).to.equal(ask.answer);
        answers.set(key, ask.answer);
      }
    }
  });

  it("do not name the answer, unless they offer a choice", () => {
    for (const [, { question, answer, family }] of questionsOf()) {
      if (["left", "right", "upper", "lower", "small", "large", "mild", "marked", "yes", "no", "none"].includes(answer))
        continue;
      expect(question.split(/[ ,?]/), family).not.to.include(answer);
    }
  });

  it("are answered yes and no about equally often", () => {
    for (const family of ["organ-present", "finding-present", "finding-absent", "device-covers"]) {
      const answers: string[] = [];
      for (let i = 0; i < 8; i++)
        for (const [j, scene] of scenes.entries())
          answers.push(
            ...visualQuestions(scene, random(1000 * i + j), { templates: "train", families: [family] }).map(
              ({ answer }) => answer,
            ),
          );
      const yes = answers.filter((answer) => answer === "yes").length;
      expect(yes / answers.length, `${family}, n ${answers.length}`).to.be.within(0.4, 0.6);
    }
  });

  it("lead from what is seen to what is known of it, without naming it", () => {
    for (const [scene, { question, answer, family, about, hops }] of questionsOf(PORTABILITY_FAMILIES)) {
      const [seen, ...path] = family.split("/");
      const shown = { "seen-finding": scene.findings, "seen-device": scene.devices, "seen-organ": scene.organs }[seen]!;
      expect(shown.map(({ kind }) => kind)).to.include(about[0]);
      expect(question).not.to.include(about[0]);
      expect(hops).to.equal(path.length);
      expect(
        path.reduce((head, relation) => tailOf(head, relation as Parameters<typeof tailOf>[1]), about[0]),
      ).to.equal(answer);
    }
  });

  it("are the same for one seed, and of the families asked for", () => {
    for (const [i, scene] of scenes.slice(0, 40).entries()) {
      const ask = () => visualQuestions(scene, random(i), { templates: "train" });
      expect(ask()).to.deep.equal(ask());
      const [one, ...others] = visualQuestions(scene, random(i), { templates: "probe", families: ["modality"] });
      expect([one.family, one.answer, one.template.split("/")[0]]).to.deep.equal(["modality", scene.modality, "probe"]);
      expect(others).to.deep.equal([]);
    }
    expect(visualQuestions(scenes[0], random(0), { templates: "train", families: [] })).to.deep.equal([]);
  });

  it("refuse an unknown family with the nearest", () => {
    expect(() => answersOf("finding-sizes")).to.throw(UnknownNameError, 'did you mean "finding-size"?');
  });
});
