const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML content or attribute value. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** JSON that may stand inside a `<script>` element: nothing in it can end the element or open a comment. */
export const jsonForScript = (value: unknown): string =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * JavaScript for an inline `<script>`. Code with a text that could end the element or open a comment is carried as a string, and run
 * from an element of its own: such a text cannot be escaped without knowing whether it stands in a string, a pattern or the code.
 */
export const codeForScript = (code: string): string =>
  /<(?:!--|\/?script)/i.test(code)
    ? `{const s=document.createElement("script");s.textContent=${jsonForScript(code)};document.head.append(s)}`
    : code;
