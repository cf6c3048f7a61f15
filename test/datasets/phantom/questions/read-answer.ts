import { organDistance } from "../../../../datasets/phantom/render/shapes/organ-shapes.ts";
import { devicePoints } from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import type { Point, Scene } from "../../../../datasets/phantom/world/scene.ts";

/**
 * Answers a question from places and outlines alone, without the attributes in which the scene states its own truth. Undefined for
 * families that places do not answer.
 */
export function readAnswer(scene: Scene, family: string, [x, y]: readonly string[]): string | undefined {
  const organ = scene.organs.find(({ kind }) => kind === x);
  const finding = scene.findings.find(({ kind }) => kind === x);
  const device = scene.devices.find(({ kind }) => kind === x);
  switch (family) {
    case "organ-present":
      return organ ? "yes" : "no";
    case "finding-present":
      return finding ? "yes" : "no";
    case "finding-absent":
      return finding ? "no" : "yes";
    case "organ-side":
      return side([organ!.centre]);
    case "finding-side":
      return side(finding!.lesions);
    case "finding-level":
      return mean(finding!.lesions).y < 0.5 ? "upper" : "lower";
    case "finding-size":
      return finding!.radius < 0.065 ? "small" : "large";
    case "finding-count":
      return ["one", "two", "three"][finding!.lesions.length - 1];
    case "device-side":
      return side(devicePoints(device!));
    case "device-crosses":
      return scene.organs.find((other) => devicePoints(device!).some(within(organDistance(other))))?.kind ?? "none";
    case "device-covers": {
      const { lesions, radius } = scene.findings.find(({ kind }) => kind === y)!;
      const touches = devicePoints(device!).some((point) => lesions.some((lesion) => apart(point, lesion) < radius));
      return touches ? "yes" : "no";
    }
    case "finding-on-side":
      return single(scene.findings.filter(({ lesions }) => side(lesions) === x));
    case "finding-in-organ":
      return single(
        scene.findings.filter(({ lesions }) =>
          lesions.every(within(organDistance(scene.organs.find(({ kind }) => kind === x)!))),
        ),
      );
  }
  return undefined;
}

const mean = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});
const side = (points: readonly Point[]) => (mean(points).x < 0.5 ? "left" : "right");
const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const within =
  (distance: (x: number, y: number) => number) =>
  ({ x, y }: Point) =>
    distance(x, y) < 0;

const single = (found: readonly { kind: string }[]) => (found.length === 1 ? found[0].kind : `${found.length} of them`);
