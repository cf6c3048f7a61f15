import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { COUNTERFACTUAL_NOTICE } from "../../datasets/case.ts";
import { shownPath } from "../../datasets/shown-path.ts";
import { applyPack, type EditPack, loadPack, OtherModelError } from "../editors/pack/index.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { loadModel } from "../models/load-model.ts";
import type { Query } from "../models/model.ts";
import { requireKnown } from "../nearest-name.ts";
import { DEVICES } from "../runtime/device.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine, requireOptions } from "./options.ts";
import { plain, shortened } from "./pack-summary.ts";
import { progressLine } from "./progress-line.ts";

const options = {
  model: { help: "the base model of the pack: embedded, or a model folder", default: "phantom" },
  question: { help: "what to ask, before and after" },
  image: { help: "image file that the question is about" },
  "image-id": {
    help: "what the edited case calls the image, for edits that know images by name (default: FILE's name)",
  },
  force: { help: "apply a pack of another base model wherever the shapes fit", flag: true },
  device: { help: "auto, cpu or webgpu (default: MEDKE_DEVICE, else auto)" },
  json: { help: "print one JSON document", flag: true },
  ...COMMON,
} as const;

/** `medke apply FILE.medke --question Q`: one answer of the base model and one with the pack's edits in force. */
export const applyCommand: Command = {
  usage: 'medke apply FILE.medke --question "..." [--image FILE] [--model NAME|DIR] [--force] [--json]',
  summary: "Asks a question before and after the edits of a .medke file. The model itself is not changed.",
  options,
  async run(args, { signal, out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    const [file, ...more] = positionals;
    if (!file || more.length)
      throw new CommandLineError(
        `apply takes one .medke file, not ${positionals.length}. Write for example: medke apply edit.medke --question "...".`,
      );
    const { question } = requireOptions<"question">({ question: given.question }, { question: '"..."' });
    const device = given.device === undefined ? undefined : requireKnown("device", given.device, DEVICES);
    const { image } = given;
    const query: Query = {
      question,
      ...(image !== undefined && { image: { id: given["image-id"] ?? basename(image), path: resolve(image) } }),
    };
    // Before the model, which takes longer to load.
    const pack = await loadPack(file);
    if (image !== undefined) requireImage(image, pack);
    const line = progressLine(progress);
    const model = await loadModel(given.model!, { device, signal });
    try {
      line.note(`${model.id} on ${model.device.device}: ${model.device.reason}`);
      const view = await applied(model, pack, given.force);
      for (const note of imageNotes(pack, query)) line.note(`note: ${note}`);
      const [before, after] = [await model.answer(query, { signal }), await view.answer(query, { signal })];
      const label = pack.notice === COUNTERFACTUAL_NOTICE ? "counterfactual test edit" : "test edit";
      const result = {
        ...{ file: shownPath(file), model: model.id, digest: await model.digest(), device: model.device.device },
        ...{ edits: pack.edits.map(({ id }) => id), question, image: query.image?.id, before, after },
        ...{ changed: before !== after, fired: (await view.route?.(query))?.fires, label, notice: pack.notice },
      };
      out(given.json ? JSON.stringify(result, null, 2) : describe(result));
    } finally {
      line.end();
      await model.dispose();
    }
  },
};

/** Throws: CommandLineError for a file that is not there; most likely an image's id was taken for one. */
function requireImage(image: string, { edits }: EditPack): void {
  if (statSync(image, { throwIfNoEntry: false })?.isFile()) return;
  const isId = edits.some(({ images }) => images?.includes(image));
  throw new CommandLineError(
    `--image ${shownPath(image)}: there is no such file. ${isId ? `That is the id of an edited image; medke edit prints its file. Pass the file, and --image-id ${image}.` : "Pass the image that the question is about."}`,
  );
}

/** Throws as `applyPack`, in the words of a command line. */
async function applied(model: EditableModel, pack: EditPack, force: boolean): Promise<EditableModel> {
  try {
    return await applyPack(model, pack, { force });
  } catch (cause) {
    if (cause instanceof OtherModelError) throw new OtherModelError(cause.reason, "--force");
    throw cause;
  }
}

/** What makes an answer mean another thing than the user may think: no image for an edit of images, or one under another name. */
function imageNotes({ edits }: EditPack, { image }: Query): string[] {
  const images = [...new Set(edits.flatMap((edit) => edit.images ?? []))];
  const named = plain(shortened(images));
  if (images.length === 0) return [];
  if (!image)
    return [
      `the edited ${images.length === 1 ? "question is" : "questions are"} about an image (${named}), and none is given: this asks without one. Add --image FILE.`,
    ];
  const byName = edits.some(({ interventions }) => interventions.some(({ kind }) => kind === "lookup"));
  return byName && !images.includes(image.id)
    ? [`the edit knows its images by name (${named}), and this one is called ${image.id}. Add --image-id NAME.`]
    : [];
}

function describe(
  result: Record<"question" | "before" | "after" | "label" | "notice", string> & { changed: boolean; fired?: boolean },
) {
  const { question, before, after, changed, fired, label, notice } = result;
  const routed = fired === undefined ? "" : fired ? "; the edit's router sent it there" : "; no edit's router took it";
  return [
    `question: ${question}`,
    `before:   ${before}`,
    `after:    ${after}   [${label}${changed ? "" : ": same answer"}${routed}]`,
    "",
    notice,
  ].join("\n");
}
