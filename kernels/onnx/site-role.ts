/** What a projection does in its layer, as group and module name. */
export const SITE_ROLES = [
  "self_attn.q_proj",
  "self_attn.k_proj",
  "self_attn.v_proj",
  "self_attn.o_proj",
  "self_attn.c_attn",
  "self_attn.c_proj",
  "mlp.gate_proj",
  "mlp.up_proj",
  "mlp.down_proj",
  "mlp.fc1",
  "mlp.fc2",
  "mlp.c_fc",
  "mlp.c_proj",
  "lm_head",
] as const;
export type SiteRole = (typeof SITE_ROLES)[number];

const modules: Record<string, SiteRole> = {
  q_proj: "self_attn.q_proj",
  k_proj: "self_attn.k_proj",
  v_proj: "self_attn.v_proj",
  o_proj: "self_attn.o_proj",
  out_proj: "self_attn.o_proj",
  c_attn: "self_attn.c_attn",
  gate_proj: "mlp.gate_proj",
  up_proj: "mlp.up_proj",
  down_proj: "mlp.down_proj",
  fc1: "mlp.fc1",
  fc2: "mlp.fc2",
  c_fc: "mlp.c_fc",
  lm_head: "lm_head",
};

/** Role and, where the name carries one, layer index: "/model/layers.3/mlp/down_proj/MatMul" is mlp.down_proj in layer 3. */
export function roleOf(name: string): { role: SiteRole; layer: number | undefined } | undefined {
  // Exporters number repeated modules ("q_proj_1"); the number is an order of appearance, not an index.
  const parts = name.split(/[/.:,'"\s[\]]+/).map((part) => part.replace(/_\d+$/, ""));
  const layer = /(?:^|[/.:_'"\s])(?:layers?|h|blocks?)[./](\d+)/.exec(name)?.[1];
  const at = layer === undefined ? undefined : Number(layer);
  for (const part of parts.reverse()) {
    if (part in modules) return { role: modules[part], layer: at };
    // GPT-2 calls the last projection of both halves c_proj.
    if (part === "c_proj") return { role: parts.includes("attn") ? "self_attn.c_proj" : "mlp.c_proj", layer: at };
  }
  return undefined;
}
