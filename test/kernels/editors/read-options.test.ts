import { expect } from "chai";
import { OptionError, readOptions } from "../../../kernels/editors/read-options.ts";

describe("readOptions", () => {
  const defaults = {
    steps: 5,
    lr: 0.1,
    labels: "answer",
    own: true,
    sites: [] as string[],
    site: undefined as string | undefined,
  };
  const read = (given: object) => readOptions("some", defaults, given, ["steps"]);

  it("fills in defaults", () => {
    expect(read({ lr: 0, site: "a", own: undefined })).to.deep.equal({ ...defaults, lr: 0, site: "a" });
  });

  for (const [given, message] of [
    [{ steps: 2.5 }, 'some option "steps": 2.5 is not a whole number. The default is 5.'],
    [{ lr: "0.1" }, 'some option "lr": "0.1" is not a number of at least 0. The default is 0.1.'],
    [{ own: "false" }, 'some option "own": "false" is not true or false. The default is true.'],
    [{ labels: 3 }, 'some option "labels": 3 is not a text. The default is "answer".'],
    [{ sites: "a" }, 'some option "sites": "a" is not a list. The default is [].'],
  ] as const)
    it(`refuses ${JSON.stringify(given)}, a value of another kind than the default`, () =>
      expect(() => read(given)).to.throw(OptionError, message));
});
