import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserFacingError } from "../../../errors.ts";
import { perStage, STAGES } from "./batch-protocol.ts";
import type { Stage } from "./batch-protocol.ts";
import { SETTINGS } from "./settings.ts";

/** Cause: a training folder belongs to a run with another seed, other steps or other stages. Handled by: the user, who names another folder. */
export class TrainingPlanError extends UserFacingError {}

export interface Plan {
  seed: number;
  /** As it was asked for; undefined is a full run. */
  minutes?: number;
  steps: Record<Stage, number>;
}

/**
 * The plan that the folder was begun with, or a new one, which is kept there: a run that goes on must not count its steps anew.
 *
 * `measure` gives the steps that fit into a number of minutes. Throws: TrainingPlanError.
 */
export async function planOf(
  asked: { folder: string; seed: number; minutes?: number; steps?: Plan["steps"] },
  measure: (minutes: number) => Promise<Plan["steps"]>,
): Promise<Plan> {
  const { folder, seed, minutes } = asked;
  const file = join(folder, "plan.json");
  const saved = await readFile(file, "utf8").catch(() => undefined);
  if (saved) {
    const plan = parsed(saved, file);
    const differs = differenceOf(plan, asked);
    if (differs === undefined) return plan;
    throw new TrainingPlanError(
      `${folder}: the training in it began with ${differs}. Repeat that to go on with it, or pass another folder (--out).`,
    );
  }
  const full = perStage((stage) => SETTINGS[stage].steps);
  const steps = asked.steps ?? (minutes === undefined ? full : await measure(minutes));
  const plan = { seed, minutes, steps };
  await writeFile(file, JSON.stringify(plan) + "\n");
  return plan;
}

/** Throws: TrainingPlanError for a file that is no plan, or one of a version that trained other stages. */
function parsed(saved: string, file: string): Plan {
  try {
    const plan = JSON.parse(saved) as Plan;
    for (const stage of STAGES)
      if (!Number.isInteger(plan.steps[stage])) throw new Error(`it has no steps of the stage "${stage}"`);
    return plan;
  } catch (cause) {
    throw new TrainingPlanError(
      `${file}: no training can go on from this plan (${(cause as Error).message}). Delete the folder it lies in, or pass another (--out).`,
      { cause },
    );
  }
}

function differenceOf(plan: Plan, { seed, minutes, steps }: Partial<Plan>): string | undefined {
  if (plan.seed !== seed) return `seed ${plan.seed}, not ${seed}`;
  const length = (value?: number) => (value === undefined ? "the steps of a full run" : `${value} minutes`);
  if (plan.minutes !== minutes) return `${length(plan.minutes)}, not ${length(minutes)}`;
  if (steps && JSON.stringify(steps) !== JSON.stringify(plan.steps)) return `steps ${JSON.stringify(plan.steps)}`;
  return undefined;
}
