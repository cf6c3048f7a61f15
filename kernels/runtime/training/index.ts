// Training from scratch and fine-tuning: one graph takes a whole step, weights stay in the worker.
export { CheckpointError, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
export type { Checkpoint } from "./checkpoint.ts";
export { padSequences } from "./pad-sequences.ts";
export { train } from "./train.ts";
export type { TrainingData, TrainingProgress, TrainingResult, TrainOptions } from "./train.ts";
export { compileTraining } from "./training-program.ts";
export type { TrainingProgram, TrainingProgramOptions, TrainingValues } from "./training-program.ts";
