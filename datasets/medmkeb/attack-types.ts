/** The five kinds of attack, by the names that the published file gives them (arXiv 2508.05083; names in English are ours). */
export const ATTACK_TYPES = {
  "pseudo-authority": "伪权威干扰",
  "symptom-confusion": "症状混淆",
  "misleading-context": "误导性上下文",
  "irrelevant-details": "无关临床细节",
  "vague-qualifiers": "模糊限定词",
} as const;
export type AttackName = keyof typeof ATTACK_TYPES;

/** The English name of an attack's published type; undefined for another one. An English name stands for itself. */
export function attackName(type: unknown): AttackName | undefined {
  const names = Object.keys(ATTACK_TYPES) as AttackName[];
  const given = typeof type === "string" ? type.trim() : "";
  return names.find((name) => ATTACK_TYPES[name] === given || name === given);
}
