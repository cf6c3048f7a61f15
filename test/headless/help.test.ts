import { expect } from "chai";
import { medke } from "./medke.ts";

describe("medke --help", () => {
  it("of a command with subcommands lists both; of a subcommand it shows that one alone", async () => {
    const both = await medke(["phantom", "--help"]);
    expect(both.stdout).to.contain("medke phantom export --form").and.to.contain("medke phantom sheet --out");
    expect((await medke(["-h"])).stdout).to.contain("medke COMMAND --help");
    expect((await medke(["table", "-h"])).stdout).to.contain("Usage: medke table");
    const one = await medke(["phantom", "export", "--help"]);
    expect(one.stdout).to.contain("Usage: medke phantom export").and.not.to.contain("sheet --out");
  });
});
