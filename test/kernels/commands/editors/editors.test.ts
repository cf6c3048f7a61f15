import { expect } from "chai";
import { editorsCommand } from "../../../../kernels/commands/editors/editors.ts";
import { EDITOR_IDS, editors } from "../../../../kernels/editors/index.ts";
import type { Editor } from "../../../../kernels/editors/editor.ts";
import { runCommand } from "../run-command.ts";

describe("medke editors", () => {
  const list = (...args: string[]) => runCommand(editorsCommand, args);
  const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

  it("lists every editor with summary, needs and protocols in lines that a terminal holds", async () => {
    const text = await list();
    expect(widest(text)).to.be.at.most(100);
    const flat = text.replace(/\s+/g, " ");
    for (const id of EDITOR_IDS) {
      const { summary, needs }: Editor = editors[id]();
      expect(flat).to.contain(`${id} ${summary} needs ${needs.join(", ")}; protocols: `);
    }
    expect(flat).to.contain("protocols: all but batch:N[:official|:recipe], edit-then-confuse:batch");
    expect(flat).to.contain("All protocols: single[:official], batch:N");
  });

  it("leaves nothing out as JSON", async () => {
    const entries = JSON.parse(await list("--json"));
    expect(entries.map(({ id }: { id: string }) => id)).to.deep.equal(EDITOR_IDS);
    const rome = entries.find(({ id }: { id: string }) => id === "rome");
    expect(rome).to.have.all.keys("id", "summary", "needs", "takes", "protocols", "options");
    expect(rome.needs).to.equal(`forward and hidden states and gradients and statistics: ${rome.summary}`);
    expect(rome.protocols).to.include("sequential[:A,B,...]");
    expect(rome.options.steps).to.equal(editors.rome().options.steps);
  });

  it("shows the options of one with their defaults and what the code says of them", async () => {
    const text = await list("grace");
    expect(widest(text)).to.be.at.most(100);
    expect(text).to.match(/^grace: a codebook of keys with radii/);
    expect(text).to.contain("  radius = 1\n      Radius of a new entry: Euclidean, in the input of the site.");
    expect(text).to.contain("  site = (chosen by the editor)\n      Site whose output is replaced.");
    const { options, meanings } = JSON.parse(await list("grace", "--json"));
    expect(options).to.include({ radius: 1, variant: "corrected" });
    expect(meanings.radius).to.match(/^Radius of a new entry/);
    expect(await list("no-op")).to.contain("It has no options.");
  });

  it("knows a meaning for every option of every editor", async () => {
    const { optionMeanings } = await import("../../../../kernels/commands/editors/option-meanings.ts");
    const meanings = optionMeanings();
    for (const id of EDITOR_IDS)
      expect([...meanings.get(id)!.keys()], id).to.include.members(Object.keys(editors[id]().options));
  });

  it("answers mistakes with what to do", async () => {
    const failure = (...args: string[]) =>
      list(...args).then(
        () => "",
        (error: Error) => error.message,
      );
    expect(await failure("gracee")).to.match(/^unknown editor "gracee"; did you mean "grace"\?/);
    expect(await failure("rome", "grace")).to.contain("editors takes one name, not 2");
  });
});
