import type { Runtime } from "../runtime/runtime.ts";
import type { Session } from "../runtime/session.ts";
import type { Decoder } from "./decoder.ts";
import type { InputForm } from "./input-form.ts";
import type { ModelFolder } from "./model-folder.ts";
import type { VisionTower } from "./vision-tower.ts";
import type { SentenceEncoders } from "./sentence-encoders/sentence-encoders.ts";
import type { SequenceBuilder } from "./sequence.ts";

/** Everything that the base model and its views share. Owned by the base model, which disposes it. */
export interface ModelParts {
  folder: ModelFolder;
  form: InputForm;
  runtime: Runtime;
  decoder: Decoder;
  /** Missing in models of text alone. */
  vision?: VisionTower;
  embed: Session;
  sequences: SequenceBuilder;
  contextLength: number;
  endToken: number;
  /** How often whole sequences went through the decoder, or part of it, and back, since the model was loaded. */
  passes: { forward: number; backward: number };
  /** Sentence encoders, once one was asked for. */
  encoders?: SentenceEncoders;
  /** Digest of the model's files, once it was asked for. */
  digest?: Promise<string>;
}
