import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { describeImage } from "../../../datasets/describe-image.ts";
import { imageCommand } from "../../../kernels/commands/image.ts";
import { type Attributes, dicomFile, greyImage } from "../../datasets/images/dicom-file.ts";
import { niftiFile } from "../../datasets/images/nifti-file.ts";
import { runCommand } from "./run-command.ts";

const run = (...args: string[]) => runCommand(imageCommand, args);

// Invented throughout.
const NAMES = ["Quillon", "Vestabrandt", "ZX-4471", "19321103", "Farrowmere", "Dr Ilvane", "private note"];
const patient: Attributes = {
  "00080050": ["SH", "ZX-4471"],
  "00080080": ["LO", "Farrowmere Hospital"],
  "00080090": ["PN", "Dr Ilvane"],
  "0008103e": ["LO", "Quillon follow-up"],
  "00090010": ["LO", "Vestabrandt"],
  "00091001": ["LT", "private note on Quillon"],
  "00100010": ["PN", "Quillon^Vestabrandt"],
  "00100020": ["LO", "ZX-4471"],
  "00100030": ["DA", "19321103"],
  "00101040": ["LO", "1 Farrowmere Road"],
  "00104000": ["LT", "private note"],
};

describe("medke image", () => {
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), "medke-image-command-"))));
  after(() => rmSync(folder, { recursive: true }));
  const put = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const pixels = Buffer.from(Uint16Array.of(0, 100, 200, 300).buffer);
  const windowed: Attributes = {
    "00281050": ["DS", "150\\90"],
    "00281051": ["DS", "300\\10"],
    "00280030": ["DS", "0.5\\0.25"],
  };
  const named = () => dicomFile({ attributes: { ...greyImage(2, 2, windowed), ...patient }, pixels });

  it("says how a file is stored and shown", async () => {
    expect((await run(put("a.dcm", named()))).split("\n")).to.deep.equal([
      "format       dicom",
      "storage      explicit little endian; MONOCHROME2; 16 of 16 bits, unsigned",
      "size         2 x 2 pixels",
      "window       centre 150, width 300, linear (file)",
      "spacing      0.5 x 0.25 mm (rows x columns)",
      "note         The file states 2 windows; the first is used.",
    ]);
    const volume = put("v.nii", niftiFile({ size: [2, 3, 4, 2], values: Array.from({ length: 48 }, (_, i) => i) }));
    const text = await run(volume, "--plane", "coronal", "--slice", "2", "--volume", "1", "--window", "10/20");
    expect(text).to.contain("slice        coronal 2 of 0 to 2").and.contain("volume       1 of 0 to 1");
    expect(text).to.contain("centre 10, width 20, linear-exact (chosen)");
    expect(JSON.parse(await run(volume, "--json"))).to.deep.include({ width: 2, height: 3 });
  });

  it("never shows or writes a name, a number or a private attribute of a patient, not even when the file is damaged", async () => {
    const png = join(folder, "out.png");
    const whole = put("p.dcm", named());
    const shown = [
      await run(whole, "--png", png),
      await run(whole, "--json"),
      await describeImage({ id: "p", path: whole }),
    ];
    const exported = readFileSync(png);
    expect((await sharp(exported).metadata()).width).to.equal(2);
    shown.push(exported.toString("latin1"));
    const bytes = named();
    const all = (error: unknown): string =>
      error instanceof Error
        ? [error.message, error.stack, JSON.stringify(error), all(error.cause)].join("\n")
        : (JSON.stringify(error) ?? "");
    let refusals = 0;
    for (let length = 200; length < bytes.length; length += 37)
      shown.push(
        await run(put("cut.dcm", bytes.subarray(0, length))).catch((error: unknown) => (refusals++, all(error))),
      );
    expect(refusals).to.be.above(5);
    const nifti = put("n.nii", niftiFile({ size: [2, 2], values: [1, 2, 3, 4], description: "Quillon" }));
    shown.push(await run(nifti, "--json"));
    for (const name of NAMES) for (const text of shown) expect(text).not.to.contain(name);
  });

  it("writes what models see", async () => {
    const png = join(folder, "seen.png");
    const told: string[] = [];
    await runCommand(imageCommand, [put("b.dcm", named()), "--png", png, "--window", "min-max"], told);
    expect(told).to.deep.equal([`wrote ${png}\n`]);
    expect([...(await sharp(png).toColourspace("b-w").raw().toBuffer())]).to.deep.equal([0, 85, 170, 255]);
  });

  it("refuses what it cannot do, with the next step", async () => {
    const file = put("c.dcm", named());
    const refusal = (...args: string[]) =>
      run(...args).then(
        () => "",
        (error: Error) => error.message,
      );
    expect(await refusal()).to.equal("image: a file is missing. Write medke image FILE.");
    expect(await refusal(file, "--window", "40:400")).to.contain('--window "40:400" is no centre and width above 0');
    expect(await refusal(file, "--window", "minmax")).to.contain('did you mean "min-max"');
    expect(await refusal(file, "--window", "foo")).to.equal(
      '--window "foo" is unknown. Write one of file, min-max, percentile, depth, or centre/width such as 40/400.',
    );
    expect(await refusal(file, "--plane", "axail")).to.contain('did you mean "axial"');
    expect(await refusal(file, "--frame", "1")).to.contain("there is no frame 1: the only one is 0");
    expect(await refusal(file, "--png", join(folder, "missing", "x.png"))).to.contain(
      "Name a file in a folder that exists",
    );
    expect(await refusal(join(folder, "gone.dcm"))).to.contain("does not exist");
  });
});
