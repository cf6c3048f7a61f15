import type { LoweringBuilder } from "./lowering-builder.ts";

export interface Rotation {
  /** Rows of the caches for each token, [batch or 1, tokens, rotated size / 2]. */
  cos: string;
  sin: string;
  /** Pairs are neighbours (0, 1), (2, 3), … instead of the two halves. */
  interleaved: boolean;
  /** Whether values beyond the rotated ones may exist; they pass unchanged. */
  partial: boolean;
}

const END = 2 ** 31 - 1;

/** Rotary position embedding of [batch, heads, tokens, size]. */
export function rotate(g: LoweringBuilder, x: string, { cos, sin, interleaved, partial }: Rotation): string {
  const half = g.size(cos, 2);
  const whole = g.mul(half, g.ints(2));
  const head = partial ? g.slice(x, 3, 0, whole) : x;
  const [c, s] = [g.unsqueeze(cos, 1), g.unsqueeze(sin, 1)];
  const turn = (a: string, b: string): [string, string] => [
    g.sub(g.mul(a, c), g.mul(b, s)),
    g.add(g.mul(b, c), g.mul(a, s)),
  ];
  const turned = interleaved ? turnNeighbours(g, head, turn) : turnHalves(g, head, half, turn);
  return partial ? g.concat([turned, g.slice(x, 3, whole, END)], 3) : turned;
}

type Turn = (a: string, b: string) => [string, string];

const turnHalves = (g: LoweringBuilder, x: string, half: string, turn: Turn): string =>
  g.concat(turn(g.slice(x, 3, 0, half), g.slice(x, 3, half, END)), 3);

function turnNeighbours(g: LoweringBuilder, x: string, turn: Turn): string {
  const pairs = g.reshape(x, 0, 0, 0, -1, 2);
  const at = (i: number) => g.op("Gather", [pairs, g.int(i)], { axis: 4 });
  const turned = turn(at(0), at(1)).map((part) => g.unsqueeze(part, 4));
  return g.reshape(g.concat(turned, 4), 0, 0, 0, -1);
}
