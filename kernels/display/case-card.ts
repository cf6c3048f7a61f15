import { type EditCase, noticeOf } from "../../datasets/case.ts";
import { diffImage, type DiffImageOptions } from "./diff-image.ts";
import { type Displayable, MIME_BUNDLE, type MimeBundle } from "./mime.ts";

/** A picture from a file, scaled for the screen. Throws (when shown): ImageUnreadableError. */
export function picture(path: string, options: Omit<DiffImageOptions, "alt"> = {}): Displayable {
  return {
    async [MIME_BUNDLE](): Promise<MimeBundle> {
      const image = await diffImage(path, options);
      return { [image.mime]: image.base64, "text/plain": image.alt };
    },
  };
}

/** An edit case in words: what is asked, what shall change, and every probe with what counts as right. */
export function caseCard(edited: EditCase): Displayable {
  return {
    [MIME_BUNDLE]: () => {
      const rows = edited.probes.map((probe) => ({
        what: probe.name ? `${probe.kind} (${probe.name})` : probe.kind,
        image: probe.image?.id ?? "no image",
        question: probe.question,
        right: "answer" in probe.expect ? probe.expect.answer : "the same answer as before the edit",
      }));
      const title = `${edited.id}: ${edited.question}`;
      const notice = noticeOf(edited);
      const change = `${edited.answer ?? "?"} -> ${edited.target}`;
      return {
        "text/markdown": [
          `**${cell(title)}**`,
          `${cell(edited.answer ?? "?")} → **${cell(edited.target)}** (${Object.values(edited.meta).map(cell).join(", ")})`,
          [
            "| probe | image | question | right when it answers |",
            "|---|---|---|---|",
            ...rows.map((r) => `| ${[r.what, r.image, r.question, r.right].map(cell).join(" | ")} |`),
          ].join("\n"),
          ...(notice ? [`*${notice}*`] : []),
        ].join("\n\n"),
        "text/plain": [
          title,
          change,
          ...rows.map((r) => `  ${r.what}: ${r.image}: ${r.question} => ${r.right}`),
          ...(notice ? [notice] : []),
        ].join("\n"),
      };
    },
  };
}

/** Text of a data set is not markup: characters that Markdown or HTML would read are escaped. */
const cell = (text: string) => text.replace(/[\\`*_[\]<>|#~]/g, "\\$&").replace(/\s+/g, " ");
