import type { BuiltModel } from "../../../onnx/build/index.ts";
import type { Runtime } from "../../../runtime/runtime.ts";
import { compileTraining } from "../../../runtime/training/index.ts";
import type { Tensor } from "../../../tensor.ts";
import { perStage, STAGES } from "./batch-protocol.ts";
import type { BatchRequest, Stage } from "./batch-protocol.ts";
import type { BatchThread } from "./batch-thread.ts";
import { SETTINGS } from "./settings.ts";

/** Steps before the clock starts, and seconds that are timed: short enough to be lost, long enough for the drawing thread to fall behind. */
const [WARM, TIMED] = [3, 4];
const FEWEST = 20;

/** Steps of each stage that fit into the minutes, in the proportion of a full run; what is trained meanwhile is thrown away. */
export async function measureSteps(
  runtime: Runtime,
  batches: BatchThread<BatchRequest>,
  builders: Record<Stage, (weights: ReadonlyMap<string, Tensor>) => BuiltModel>,
  minutes: number,
): Promise<Record<Stage, number>> {
  const seconds = perStage(() => 0);
  for (const stage of STAGES) {
    const { model, parameters } = builders[stage](new Map());
    const { optimiser } = SETTINGS[stage];
    const program = await compileTraining(runtime, { model, parameters: [...parameters.keys()], optimiser });
    let [started, timed] = [0, 0];
    for (let step = 0; timed < 1 || performance.now() - started < TIMED * 1000; step++) {
      if (step === WARM) started = performance.now();
      await program.step(await batches.at({ stage, step }), step + 1, optimiser.lr);
      if (step >= WARM) timed++;
    }
    seconds[stage] = (performance.now() - started) / 1000 / timed;
    await program.release();
  }
  const full = STAGES.reduce((sum, stage) => sum + seconds[stage] * SETTINGS[stage].steps, 0);
  return perStage((stage) => Math.max(FEWEST, Math.round((SETTINGS[stage].steps * minutes * 60) / full)));
}
