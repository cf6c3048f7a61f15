import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { applyCommand } from "../../../kernels/commands/apply.ts";
import { editCommand } from "../../../kernels/commands/edit.ts";
import { packCommand } from "../../../kernels/commands/pack.ts";
import { runCommand } from "./run-command.ts";

const WEIGHTS = resolve(import.meta.dirname, "../../../kernels/models/phantom/weights");

describe("medke edit", function () {
  this.timeout(300_000);
  let folder: string;
  let file: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke edit's "));
    file = join(folder, "edit.medke");
    await runCommand(editCommand, ["--editor", "oracle", "--limit", "4", "--device", "cpu", "--out", file]);
  });
  after(() => rmSync(folder, { recursive: true }));

  const args = ["--editor", "oracle", "--limit", "4", "--device", "cpu"];
  const message = (...more: string[]) =>
    runCommand(editCommand, [...args, "--model", "no-such-model", ...more]).catch((error: Error) => error.message);

  it("shows each of the first cases, and a line that asks it again when it is copied into a shell", async () => {
    const { asked } = JSON.parse(await runCommand(editCommand, [...args, "--out", file, "--json"]));
    expect(asked).to.have.length(3);
    const [{ question, target, before, after, image, apply }] = asked;
    expect(after).to.equal(target);
    expect([image.id, existsSync(image.file.replace("~", process.env.HOME))]).to.deep.equal(["seed0-test-0.png", true]);
    if (process.platform === "win32") return;
    // What the shell makes of the line.
    const stub = apply.replace(/^npx medke apply/, 'for word in "$@"; do :; done; printf "%s\\0"');
    const words = execFileSync("sh", ["-c", stub]).toString().split("\0").slice(0, -1);
    const answers = JSON.parse(await runCommand(applyCommand, [...words, "--json"]));
    expect(answers).to.include({ question, before, after: target, fired: true });

    const told: string[] = [];
    const text = await runCommand(editCommand, [...args, "--out", file], told);
    expect(text).to.contain("edited (the first 3 of 4), and how to ask before and after:\n  phantom-medmkeb-0-test-");
    expect(text)
      .to.contain(
        `    question: ${question}\n    before:   ${before}\n    target:   ${target}\n    after:    ${target}\n`,
      )
      .and.to.contain(`    ${apply}\n`);
    expect(text.endsWith("is not medical information.")).to.equal(true);
    expect(told.join("")).to.contain("replaced the pack that was in ");
  });

  it("says where an edit did not take", async () => {
    const out = join(folder, "idle.medke");
    const text = await runCommand(editCommand, ["--editor", "no-op", "--device", "cpu", "--out", out]);
    rmSync(out);
    expect(text).to.match(
      / {4}before: {3}(.*)\n {4}target: .*\n {4}after: {4}\1 {3}\[not the target: the edit did not take\]/,
    );
  });

  it("refuses a file that it could not write, before the model is loaded", async () => {
    expect(await message("--out", join(folder, "no", "e.medke"))).to.match(
      /^--out .*e\.medke: there is no folder .*no\. Make it, or/,
    );
    expect(await message("--out", folder)).to.match(/that is no file\. Name a file/);
    if (existsSync("/proc/self"))
      expect(await message("--out", "/proc/e.medke")).to.match(/nothing can be written there \(ENOENT/);
  });

  it("replaces a pack and an empty file, and refuses to lose any other", async () => {
    const notes = join(folder, "notes.txt");
    writeFileSync(notes, "my notes, which are longer than the head of a pack. ".repeat(10));
    expect(await message("--out", notes)).to.match(/this file is no edit pack, and would be lost\. Name another/);
    expect(readFileSync(notes, "utf8")).to.match(/^my notes/);
    writeFileSync(notes, "");
    expect(await message("--out", notes)).to.match(/model folder "no-such-model"/);
    // Where the edit fails, the pack that was there stays.
    const before = readFileSync(file);
    expect(await message("--out", file)).to.match(/model folder "no-such-model"/);
    expect(readFileSync(file).equals(before)).to.equal(true);
    expect(readdirSync(folder).sort()).to.deep.equal(["edit.medke", "notes.txt"]);
  });

  describe("then apply", () => {
    const apply = async (...more: string[]) => {
      const told: string[] = [];
      const answer = runCommand(applyCommand, [file, "--question", "which device?", "--device", "cpu", ...more], told);
      return { stdout: await answer.catch((error: Error) => error.message), told: told.join("") };
    };

    it("says that an edited question was about an image, where none is given", async () => {
      expect((await apply()).told).to.match(
        /note: the edited questions are about an image \(seed0-test-0\.png, .*\), and none is given: this asks without one\. Add --image FILE\.\n/,
      );
    });

    it("says where an edit that knows images by name is given another", async () => {
      const { asked } = JSON.parse(await runCommand(editCommand, [...args, "--out", file, "--json"]));
      const image = asked[0].image.file.replace("~", process.env.HOME);
      expect((await apply("--image", image)).told).to.match(/knows its images by name \(seed0-test-0\.png, .*--image-id NAME/);
      expect((await apply("--image", image, "--image-id", "seed0-test-0.png")).told).not.to.contain("note:");
    }); // prettier-ignore

    it("refuses an image that is no file, before the model is loaded", async () => {
      const missing = (image: string) => apply("--image", image, "--model", "no-such-model");
      expect((await missing("none.png")).stdout).to.match(/^--image none\.png: there is no such file\. Pass the image/);
      expect((await missing(folder)).stdout).to.match(/there is no such file/);
      expect((await missing("seed0-test-0.png")).stdout).to.match(
        /That is the id of an edited image; medke edit prints its file\. Pass the file, and --image-id seed0-test-0\.png\.$/,
      );
    });

    it("refuses another base model and speaks of --force", async () => {
      const other = join(folder, "other");
      cpSync(WEIGHTS, other, { recursive: true });
      writeFileSync(
        join(other, "config.json"),
        readFileSync(join(other, "config.json"), "utf8").replace("{", '{"note":"another",'),
      );
      const { stdout } = await apply("--model", other);
      rmSync(other, { recursive: true });
      expect(stdout).to.match(
        /^the pack was made on model "phantom" .*; --force applies it wherever the shapes fit\.$/,
      );
    });
  });

  it("then pack says what digest it shows, and what is no pack at all", async () => {
    expect(await runCommand(packCommand, [file])).to.match(
      /\ncontent sha256 [0-9a-f]{64}, as it should be \(of all but/,
    );
    const other = join(folder, "short.txt");
    for (const content of ["hi", "some notes that are longer than eight bytes"]) {
      writeFileSync(other, content);
      const error = await runCommand(packCommand, [other]).catch((error: Error) => error.message);
      expect(error).to.match(
        /short\.txt: it is no edit pack of medke \(.*\)\. Fetch the file again if it should be one, or name one that medke edit --out wrote/,
      );
    }
    const whole = readFileSync(file);
    writeFileSync(other, whole.subarray(0, whole.length - 3));
    const cut = await runCommand(packCommand, [other]).catch((error: Error) => error.message);
    expect(cut).to.match(/Fetch the file again, or make the edit again/);
  });
});
