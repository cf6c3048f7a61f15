const SPECIAL: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "&": "\\&",
  "%": "\\%",
  $: "\\$",
  "#": "\\#",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "''",
  "†": "$^{\\dagger}$",
  "‡": "$^{\\ddagger}$",
  "→": "$\\rightarrow$",
  "≥": "$\\geq$",
  "≤": "$\\leq$",
  "·": "$\\cdot$",
  "–": "--",
  "—": "---",
};

/** Text as LaTeX prints it; line breaks become spaces. Letters beyond ASCII need no help since LaTeX reads UTF-8. */
export const escapeLatex = (text: string): string =>
  text.replace(/\s+/g, " ").replace(/[\\{}&%$#_~^<>|"†‡→≥≤·–—]/g, (c) => SPECIAL[c]);
