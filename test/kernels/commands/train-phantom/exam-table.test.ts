import { expect } from "chai";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { examMarkdown, examTable } from "../../../../kernels/commands/train-phantom/exam-table.ts";
import type { Answered } from "../../../../kernels/models/phantom/exam/sit-exam.ts";

const [ct, mr] = (["ct", "mr"] as const).map((modality) => sampleScene(1, { modality }));
const answered = (scene: typeof ct, cluster: string, given: string, answer: string): Answered => ({
  ...{ group: "visual", question: "on which side is the tessal?", family: "organ-side", about: ["tessal"] },
  ...{ scene, cluster, given, answer },
});

describe("the table of the exam", () => {
  const rows = examTable(
    [
      answered(ct, "scene 0", "left", "left"),
      answered(ct, "scene 0", "left", "right"),
      answered(mr, "scene 1", "right", "right"),
      answered(mr, "scene 1", "Right", "right"),
      { ...answered(mr, "velnex", "a", "a"), group: "fact", scene: undefined },
    ],
    () => "right",
  );
  const row = (what: string) => rows.find((each) => each.what.trim().startsWith(what))!;

  it("counts exact answers of every group that was asked, the visual ones by modality and family too", () => {
    expect(rows).to.have.length(6);
    expect([row("visual questions").accuracy, row("visual questions").n]).to.deep.equal([0.5, 4]);
    expect([row("modality ct").accuracy, row("modality mr").accuracy]).to.deep.equal([0.5, 0.5]);
    expect([row("family organ-side").n, row("text facts").accuracy]).to.deep.equal([4, 1]);
  });

  it("says beside them what is reached without any image", () => {
    expect(row("the same questions answered without any image").accuracy).to.equal(0.75);
  });

  it("resamples images, not answers: each of the two is right half of the time", () => {
    expect(row("visual questions").interval).to.deep.equal([0.5, 0.5]);
  });

  it("is written with a column for every figure", () => {
    const lines = examMarkdown(rows).split("\n");
    expect(lines).to.have.length(2 + rows.length);
    expect(new Set(lines.map((line) => line.split("|").length)).size).to.equal(1);
    expect(lines[3]).to.equal("| &nbsp;&nbsp;modality ct | 0.500 | 0.500 to 0.500 | 2 |");
  });
});
