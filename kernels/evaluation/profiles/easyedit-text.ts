import { plainText } from "./plain-text.ts";

/** EasyEdit's scorer of text edits under teacher forcing; portability is scored in the same way. */
export const easyEditText = plainText(
  "easyedit-text",
  "EasyEdit, text: bare prompt and target, answer positions; text probes only",
  "lm.decoder_only_teacher_forcing.token_accuracy",
);
