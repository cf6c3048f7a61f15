import { readFileSync, rmSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  dense,
  externalise,
  findSites,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  sessionSource,
  tap,
  writeModel,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { packedBytes } from "../../../kernels/onnx/packed-bytes.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { sessionOptions } from "../../../kernels/runtime/session-options.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { newFolder } from "../onnx/external-model.ts";

const SIZE = 1024;
const LAYERS = 16;
const MB = 2 ** 20;

/** Sixteen different matrices of 4 MB, one after the other. */
const chain = (): OnnxModel =>
  makeModel({
    nodes: Array.from({ length: LAYERS }, (_, i) =>
      makeNode(
        "MatMul",
        [i ? `h${i - 1}` : "x", `w${i}`],
        [i === LAYERS - 1 ? "y" : `h${i}`],
        {},
        `/layers.${i}/mlp/fc1/MatMul`,
      ),
    ),
    inputs: [makeValueInfo("x", "float32", ["n", SIZE])],
    outputs: [makeValueInfo("y", "float32", ["n", SIZE])],
    initializers: Array.from({ length: LAYERS }, (_, i) =>
      makeTensor(
        `w${i}`,
        float32(
          Float32Array.from({ length: SIZE * SIZE }, (_, j) => Math.sin(j + i) / 32),
          [SIZE, SIZE],
        ),
      ),
    ),
  });

/** Memory of this process that no file backs, in bytes. Mapped weights are not part of it. */
const anonymous = () => Number(/RssAnon:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]) * 1024;

(platform() === "linux" ? describe : describe.skip)(
  "sessions over the same weights [skipped elsewhere than on Linux: needs /proc]",
  () => {
    let runtime: Runtime;
    let folder: string;
    beforeEach(async () => {
      folder = newFolder();
      runtime = await Runtime.start("cpu");
    });
    afterEach(async () => {
      await runtime.dispose();
      rmSync(folder, { recursive: true });
    });

    const grown = async (models: OnnxModel[], source: (model: OnnxModel) => Parameters<Runtime["open"]>[0]) => {
      const x = float32(new Float32Array(SIZE).fill(0.5), [1, SIZE]);
      const zeros = float32(new Float32Array(SIZE * SIZE), [SIZE, SIZE]);
      const before = anonymous();
      const sums: number[] = [];
      for (const model of models) {
        const session = await runtime.open(source(model), "chain");
        const { y } = await session.run({ x, ...(session.inputs.length > 1 && { [session.inputs[1].name]: zeros }) });
        sums.push((y.data as Float32Array).reduce((a, b) => a + b));
      }
      return { bytes: anonymous() - before, sums };
    };

    it("share one mapped copy of them: three graphs take less than half of one copy", async () => {
      const base = externalise(chain(), folder, "chain.bin");
      const graphs = [base, dense(base, findSites(base)[3]), tap(base, ["h5"])];
      const { bytes, sums } = await grown(graphs, sessionSource);
      console.log(`      three graphs over ${LAYERS * 4} MB took ${Math.round(bytes / MB)} MB of their own`);
      expect(bytes).to.be.lessThan(32 * MB);
      expect(sums[1]).to.equal(sums[0]);
      expect(sums[2]).to.equal(sums[0]);
    });

    it("pack a copy of them where a session shall have its own, which counts in the memory budget", async () => {
      const base = externalise(chain(), folder, "chain.bin");
      const plain = await grown([base], sessionSource);
      expect(runtime.budget.used).to.be.lessThan(32 * MB);
      const packed = packedBytes(base);
      expect(packed).to.equal(LAYERS * 4 * MB);
      // What it takes may be memory that an earlier test gave back, and then shows nowhere.
      const { sums } = await grown([base], (model) => ({ ...sessionSource(model), packed }));
      expect(runtime.budget.used).to.be.within(packed, packed + 32 * MB);
      // Sixteen products add up in another order, and nearly cancel.
      expect(sums[0] / plain.sums[0]).to.be.within(0.9, 1.1);
    });

    it("are packed by ONNX Runtime where the session asks for it alone", () => {
      const unpacked = (packed: boolean) =>
        sessionOptions({ device: "cpu", optimise: true, folder, packed }).extra!.session as {
          disable_prepacking: string;
        };
      expect([false, true].map((packed) => unpacked(packed).disable_prepacking)).to.deep.equal(["1", "0"]);
    });

    it("copy them when they lie inside the graphs: the measurement tells the difference", async () => {
      const base = chain();
      const { bytes } = await grown([base, dense(base, findSites(base)[3]), tap(base, ["h5"])], writeModel);
      console.log(`      three graphs with ${LAYERS * 4} MB inside took ${Math.round(bytes / MB)} MB of their own`);
      expect(bytes).to.be.greaterThan(128 * MB);
    });

    it("keep their scratch files until the runtime is disposed", async () => {
      const { path } = runtime.scratch;
      externalise(chain(), path, "chain.bin");
      expect(readFileSync(join(path, "chain.bin")).length).to.equal(LAYERS * SIZE * SIZE * 4);
      await runtime.dispose();
      expect(() => readFileSync(join(path, "chain.bin"))).to.throw("ENOENT");
    });
  },
);
