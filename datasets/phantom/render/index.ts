export { render } from "./render.ts";
export type { Rendering } from "./render.ts";
