import { scattered } from "./scattered.ts";

export const scatterNd = scattered("ScatterND", "GatherND", () => ({}));
