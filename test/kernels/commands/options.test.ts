import { expect } from "chai";
import { readCommandLine } from "../../../kernels/commands/options.ts";

const specs = {
  editor: { help: "" },
  limit: { help: "", default: "10" },
  set: { help: "", repeats: true },
  json: { help: "", flag: true },
} as const;

describe("options of a command", () => {
  it("are read in both spellings, with their defaults", () => {
    const { options, positionals } = readCommandLine(["--editor", "ike", "a.json", "--limit=3"], specs);
    expect(options).to.deep.equal({ editor: "ike", limit: "3", set: undefined, json: false });
    expect(positionals).to.deep.equal(["a.json"]);
    expect(readCommandLine([], specs).options.limit).to.equal("10");
  });

  it("are refused the second time where one value counts, and never taken silently", () => {
    expect(() => readCommandLine(["--editor", "ike", "--editor", "grace"], specs)).to.throw(
      "--editor is given 2 times (ike, grace), and one value counts. Keep one; for several, run the command once for each.",
    );
  });

  it("may come several times where they say so, and flags do no harm", () => {
    const { options } = readCommandLine(["--set", "a=1", "--json", "--set=b=2", "--json"], specs);
    expect([options.set, options.json]).to.deep.equal(["a=1,b=2", true]);
  });
});
