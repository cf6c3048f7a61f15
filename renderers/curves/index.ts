import type { ActivationFunction } from "vscode-notebook-renderer";
import { renderer } from "../renderer.ts";
import { showCurves } from "./view.ts";

export const activate: ActivationFunction = () => renderer(showCurves);
