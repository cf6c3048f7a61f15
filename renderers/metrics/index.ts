import type { ActivationFunction } from "vscode-notebook-renderer";
import { renderer } from "../renderer.ts";
import { showMetrics } from "./view.ts";

export const activate: ActivationFunction = () => renderer(showMetrics);
