import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserFacingError } from "../../../errors.ts";
import { perStage } from "./batch-protocol.ts";
import type { Stage } from "./batch-protocol.ts";
import { SETTINGS } from "./settings.ts";

/** Cause: a training folder belongs to a run with another seed or other steps. Handled by: the user, who names another folder. */
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
    const plan = JSON.parse(saved) as Plan;
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

function differenceOf(plan: Plan, { seed, minutes, steps }: Partial<Plan>): string | undefined {
  if (plan.seed !== seed) return `seed ${plan.seed}, not ${seed}`;
  const length = (value?: number) => (value === undefined ? "the steps of a full run" : `${value} minutes`);
  if (plan.minutes !== minutes) return `${length(plan.minutes)}, not ${length(minutes)}`;
  if (steps && JSON.stringify(steps) !== JSON.stringify(plan.steps)) return `steps ${JSON.stringify(plan.steps)}`;
  return undefined;
}
