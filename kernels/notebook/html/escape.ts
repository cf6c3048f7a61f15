const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML content or attribute value. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** JSON that may stand inside a `<script>` element: nothing in it can end the element or open a comment. */
export const jsonForScript = (value: unknown): string =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** JavaScript for an inline `<script>`: what would end the element or open a comment can only stand in strings and patterns. */
export const codeForScript = (code: string): string =>
  code.replace(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "\\x3c!--");
