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
    // What leaks grows in both halves; what the allocator and the collector do on a busy machine has been seen to be 5% in one of them.
    it(`does not grow over ${CYCLES} edits and undoes: by less than 2.5% in one of the halves`, function () {
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
      const { sizes, same } = JSON.parse(output.trim().split("\n").at(-1)!);
      const [before, halfway, after] = sizes;
      console.log(
        `      ${sizes.map((size: number) => Math.round(size / MB)).join(", ")} MB before, halfway and after`,
      );
      expect(Math.min(halfway / before, after / halfway)).to.be.lessThan(1.025);
      expect(same).to.equal(true);
    });
  },
);
