/** The syllables of every invented name. Few, so that a small tokenizer knows each of them. */
export const FIRST_SYLLABLES = [
  ...["bra", "cal", "dor", "dre", "fal", "fen", "gar", "hul", "jas", "kel", "lor", "mar"],
  ...["mek", "nev", "pol", "rav", "sta", "tar", "tre", "vel", "wes", "yor", "zan"],
];
export const MIDDLE_SYLLABLES = ["ba", "de", "go", "ka", "mu", "sa"];
export const LAST_SYLLABLES = [
  ...["dun", "fin", "gath", "lar", "lim", "kurn", "mond", "morn"],
  ...["nex", "rel", "rune", "sten", "tor", "vane", "vik", "bex", "zor"],
];

/** Endings and stems of real diseases and drugs: an invented name must not look like one. */
export const REAL_PATTERNS: readonly RegExp[] = [
  /(itis|oma|osis|emia|aemia|pathy|algia|ectomy|plasia|trophy|penia|uria|rrhoea|syndrome)$/,
  /(mab|nib|cillin|mycin|micin|cycline|floxacin|statin|pril|sartan|olol|azole|prazole|vir|dipine|tidine|setron)$/,
  /(triptan|gliptin|gliflozin|glitazone|parin|caine|azepam|zolam|barbital|profen|coxib|lukast|terol|asone|olone)$/,
  /(platin|rubicin|taxel|kinase|amine|idine|azine|oxin|exate|fenac|formin|zosin|tadine|dronate|grel|xaban)$/,
  /^stator$/, // a part of a motor
  /^(cef|ceph|sulf|pred|cort|thyr|card|hepat|neur|derm|gastr|nephr|cyst|oste|arthr|haem|hem|onc|path)/,
];
