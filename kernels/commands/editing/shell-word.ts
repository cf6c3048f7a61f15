/** A text as one word of a command line that can be copied into a shell. A home folder that is written "~" stays one. */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (platform === "win32") return `"${text.replaceAll('"', '\\"')}"`;
  if (text.startsWith("~/")) return `~/${shellWord(text.slice(2), platform)}`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
