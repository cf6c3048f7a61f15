import type { ActivationFunction } from "vscode-notebook-renderer";
import { renderer } from "../renderer.ts";
import { showConfusion } from "./view.ts";

export const activate: ActivationFunction = () => renderer(showConfusion);
