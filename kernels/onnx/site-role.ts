const ATTENTION = ["q_proj", "k_proj", "v_proj", "qk_proj", "kv_proj", "qkv_proj", "o_proj"] as const;
const MLP = ["gate_proj", "up_proj", "gate_up_proj", "down_proj", "fc1", "fc2"] as const;

/** What a weight does in its layer, as group and module name. */
export const LAYER_ROLES = [
  ...ATTENTION.map((module) => `self_attn.${module}` as const),
  "self_attn.c_attn",
  "self_attn.c_proj",
  ...ATTENTION.map((module) => `cross_attn.${module}` as const),
  ...MLP.map((module) => `mlp.${module}` as const),
  "mlp.c_fc",
  "mlp.c_proj",
  // The residual stream after the layer.
  "output",
] as const;

/** What a weight does before, after or beside the layers. */
export const OUTER_ROLES = [
  "embed_tokens",
  "embed_positions",
  "embed_token_types",
  "patch_embedding",
  // First convolution of a network that does not cut the image into patches.
  "stem",
  // Attention pooling after the last layer (SigLIP).
  ...ATTENTION.map((module) => `pooling_head.self_attn.${module}` as const),
  ...MLP.map((module) => `pooling_head.mlp.${module}` as const),
  "pooler",
  "projector",
  "head.dense",
  "classifier",
  "lm_head",
] as const;

export const SITE_ROLES = [...LAYER_ROLES, ...OUTER_ROLES] as const;
export type SiteRole = (typeof SITE_ROLES)[number];
export type LayerRole = (typeof LAYER_ROLES)[number];
export type OuterRole = (typeof OUTER_ROLES)[number];

export const isLayerRole = (role: SiteRole): role is LayerRole => (LAYER_ROLES as readonly string[]).includes(role);

/** A site's id: "layers.3.mlp.down_proj", or the role alone outside the layers. */
export const siteId = (role: SiteRole, layer: number) => (isLayerRole(role) ? `layers.${layer}.${role}` : role);

const modules: Record<string, SiteRole> = {
  q_proj: "self_attn.q_proj",
  k_proj: "self_attn.k_proj",
  v_proj: "self_attn.v_proj",
  qkv_proj: "self_attn.qkv_proj",
  query_key_value: "self_attn.qkv_proj",
  o_proj: "self_attn.o_proj",
  out_proj: "self_attn.o_proj",
  c_attn: "self_attn.c_attn",
  gate_proj: "mlp.gate_proj",
  up_proj: "mlp.up_proj",
  gate_up_proj: "mlp.gate_up_proj",
  down_proj: "mlp.down_proj",
  fc1: "mlp.fc1",
  fc2: "mlp.fc2",
  dense_h_to_4h: "mlp.fc1",
  dense_4h_to_h: "mlp.fc2",
  c_fc: "mlp.c_fc",
  embed_tokens: "embed_tokens",
  word_embeddings: "embed_tokens",
  wte: "embed_tokens",
  embed_positions: "embed_positions",
  position_embeddings: "embed_positions",
  wpe: "embed_positions",
  token_type_embeddings: "embed_token_types",
  patch_embedding: "patch_embedding",
  patch_embeddings: "patch_embedding",
  pooler: "pooler",
  mm_projector: "projector",
  multi_modal_projector: "projector",
  multimodal_projector: "projector",
  visual_projection: "projector",
  lm_head: "lm_head",
};

// BERT's words are common ones: they count only together with what stands before them.
const phrases: [RegExp, SiteRole][] = [
  [/attention\/(?:\w+\/)?query\//, "self_attn.q_proj"],
  [/attention\/(?:\w+\/)?key\//, "self_attn.k_proj"],
  [/attention\/(?:\w+\/)?value\//, "self_attn.v_proj"],
  [/attention\/output\/dense\//, "self_attn.o_proj"],
  [/intermediate\/dense\//, "mlp.fc1"],
  [/output\/dense\//, "mlp.fc2"],
];

/** Role and, where the name carries one, layer index: "/model/layers.3/mlp/down_proj/MatMul" is mlp.down_proj in layer 3. */
export function roleOf(name: string): { role: SiteRole; layer: number | undefined } | undefined {
  // Exporters number repeated modules ("q_proj_1"); the number is an order of appearance, not an index.
  const parts = name.split(/[/.:,'"\s[\]]+/).map((part) => part.replace(/_\d+$/, ""));
  const layer = /(?:^|[/.:_'"\s])(?:layers?|h|blocks?)[./](\d+)/.exec(name)?.[1];
  const at = layer === undefined ? undefined : Number(layer);
  const path = `${parts.join("/")}/`;
  for (const part of [...parts].reverse()) {
    if (Object.hasOwn(modules, part)) return { role: modules[part], layer: at };
    // GPT-2 calls the last projection of both halves c_proj.
    if (part === "c_proj") return { role: parts.includes("attn") ? "self_attn.c_proj" : "mlp.c_proj", layer: at };
  }
  const phrase = phrases.find(([pattern]) => pattern.test(path));
  return phrase && { role: phrase[1], layer: at };
}

const alike: Partial<Record<string, string>> = {
  c_attn: "qkv_proj",
  c_proj: "out",
  o_proj: "out",
  down_proj: "out",
  fc2: "out",
  c_fc: "fc1",
};
const place = (role: string) => {
  const [module, group] = role.split(".").reverse();
  return { group, module: alike[module] ?? module };
};

/** Whether two roles name the same place in different words: "mlp.c_proj" and "mlp.fc2". */
export function sameRole(a: string, b: string): boolean {
  const [x, y] = [place(a), place(b)];
  if (x.group !== y.group) return false;
  // A feed-forward part with one input projection may call it after either half of a gated one.
  const single = (module: string, other: string) => module === "fc1" && (other === "up_proj" || other === "gate_proj");
  return x.module === y.module || single(x.module, y.module) || single(y.module, x.module);
}
