import { expect } from "chai";
import { inventNames } from "../../../datasets/phantom/knowledge/names.ts";
import { RELATION_TEMPLATES } from "../../../datasets/phantom/questions/relation-templates.ts";
import { lastNounPhrase } from "../../../kernels/editors/noun-phrase.ts";

/** Medical questions in many wordings, and what they are about. */
const QUESTIONS: [string, string | undefined][] = [
  ["Is there a pneumothorax in the left lung?", "left lung"],
  ["Is there evidence of free air under the diaphragm?", "diaphragm"],
  ["What abnormality is seen in the right upper lobe of the image?", "right upper lobe"],
  ["Is the heart enlarged?", "heart"],
  ["Is/Are the enhanced muscles enlarged? -yes/no", "enhanced muscles"],
  ["Is the lesion causing significant brainstem herniation?", "significant brainstem herniation"],
  ["is this a chest x-ray?", "chest x-ray"],
  ["Is/Are there calcified lesions in the patient's lung fields?", "patient's lung fields"],
  ["Where is/are the central venous catheter located?", "central venous catheter"],
  ["The azygoesophageal recess is deviated in which direction?", "azygoesophageal recess"],
  ["What is the modality of this MRI?", "MRI"],
  ["How would you describe the mass on the left kidney?", "left kidney"],
  // Asked for, or the picture itself, where there is nothing else.
  ["What modality is shown?", "modality"],
  ["In which plane is this image taken", "plane"],
  ["Is this image normal?", "image"],
  // Statements and cloze prompts.
  ["The mother tongue of Danielle Darrieux is", "Danielle Darrieux"],
  ["the patient has a mild pelune with zanthe; what is suggested?", "zanthe"],
  // Invented names, also where compromise sees a verb in a name or a name in a verb.
  ["what does dusken treat?", "dusken"],
  ["does glimmar lie behind the upper orvole?", "upper orvole"],
  ["which assay confirms the halden lesion?", "halden lesion"],
  ["What is the effect of strellux on the pebbrel?", "pebbrel"],
  ["What is it?", undefined],
  ["where?", undefined],
  ["", undefined],
];

describe("lastNounPhrase", () => {
  for (const [question, phrase] of QUESTIONS)
    it(`finds ${phrase === undefined ? "nothing" : `"${phrase}"`} in "${question}"`, () => {
      const found = lastNounPhrase(question);
      expect(found?.text).to.equal(phrase);
      if (found) expect(question.slice(found.start, found.end)).to.equal(found.text);
    });

  it("finds invented names in the phantom's wordings, but for those that name something else behind them", () => {
    const names = inventNames(8, 3);
    const wordings = Object.values(RELATION_TEMPLATES).flatMap(({ train, probe }) => [...train, ...probe]);
    let right = 0;
    for (const wording of wordings)
      for (const name of names) if (lastNounPhrase(wording.replace("{x}", name))?.text === name) right++;
    // Measured with 60 names: 7245 of 7740. "a sign of", "its origin", "an agent of" stand behind the name; "{x} points to" reads as one thing.
    expect(right / (wordings.length * names.length)).to.be.greaterThan(0.92);
  });

  it("says the same again, whatever was asked in between", () => {
    const [first] = QUESTIONS.map(([question]) => lastNounPhrase(question));
    lastNounPhrase("the left left the right lung");
    expect(lastNounPhrase(QUESTIONS[0][0])).to.deep.equal(first);
  });
});
