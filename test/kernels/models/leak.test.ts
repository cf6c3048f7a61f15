import { execFileSync } from "node:child_process";
import { platform } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { describeWithShared } from "../../shared-data.ts";
import { TINY_VLM } from "../tiny-vlm.ts";

const CYCLES = 1000;
const WARM_UP = 200;
const MB = 2 ** 20;

const title = "the memory of edits";
describeWithShared(
  platform() === "linux" ? title : `${title} [skipped elsewhere than on Linux: needs /proc]`,
  TINY_VLM,
  () => {
    it(`is back to within 5% after ${CYCLES} edits and undoes`, function () {
      if (platform() !== "linux") this.skip();
      this.timeout(180_000);
      const child = join(import.meta.dirname, "leak-child.ts");
      const output = execFileSync(
        process.execPath,
        ["--expose-gc", "--import", "tsx", child, `${WARM_UP}`, `${CYCLES}`],
        {
          encoding: "utf8",
        },
      );
      const { before, after, same } = JSON.parse(output.trim().split("\n").at(-1)!);
      console.log(`      ${Math.round(before / MB)} MB before, ${Math.round(after / MB)} MB after`);
      expect(after / before).to.be.lessThan(1.05);
      expect(same).to.equal(true);
    });
  },
);
