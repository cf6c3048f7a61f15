import { expect } from "chai";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { WorkerLostError } from "../../../kernels/runtime/lost-errors.ts";

describe("a generation whose session closes under it", () => {
  it("rejects with what happened, and prints nothing of its own", async () => {
    const model = await loadModel("phantom", { device: "cpu" });
    await model.dispose();
    const printed: unknown[] = [];
    const { error: print } = console;
    console.error = (...words: unknown[]) => void printed.push(words);
    try {
      const error = await model.answer({ question: "Which plane is shown?" }).catch((each: unknown) => each);
      expect(error).to.be.instanceOf(WorkerLostError);
    } finally {
      console.error = print;
    }
    expect(printed).to.deep.equal([]);
  });
});
