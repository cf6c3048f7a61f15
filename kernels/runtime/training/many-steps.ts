import { create } from "@bufbuild/protobuf";
import { GraphProtoSchema } from "onnx-buf";
import type { NodeProto } from "onnx-buf";
import { makeNode, makeTensor, makeValueInfo } from "../../onnx/index.ts";
import { type OnnxModel, withGraph } from "../../onnx/graph.ts";
import { prune } from "../../onnx/prune.ts";
import { placeNodes } from "../../onnx/scoped-copy.ts";
import { float32 } from "../../tensor.ts";
import { COUNT, STOP } from "../loop-inputs.ts";

export interface ManyStepsOptions {
  /** Inputs that the next step reads from outputs of this one, by input. */
  state: Readonly<Record<string, string>>;
  /** Scalar float32 inputs that change from step to step, and their values in a step that leaves what is trained as it is. */
  numbers: Readonly<Record<string, number>>;
  /** The scalar output to follow. */
  loss: string;
}

/**
 * Turns the graph of a step into one that takes many: an ONNX `Loop`, so that what a step writes stays where the engine computed it.
 *
 * Inputs: those of the step, but of each of `numbers` a list with one for each step; COUNT and STOP. Outputs: what the last step wrote,
 * and the losses, [steps taken]. A step with a loss below STOP, or not finite, is the last and reads the values of `numbers` that leave what is
 * trained as it is, as long as its gradients are finite; other state, such as running means, may still change.
 *
 * The loss must not depend on `numbers`.
 */
export function manySteps(step: OnnxModel, { state, numbers, loss }: ManyStepsOptions): OnnxModel {
  const giving = (...names: string[]) =>
    prune(withGraph(step, { output: names.map((name) => makeValueInfo(name)) })).graph;
  const first = new Set(giving(loss).node);
  const graph = giving(...Object.values(state), loss);
  const types = new Map(graph.input.map(({ name, type }) => [name, type]));
  const typed = (name: string, input: string) => Object.assign(makeValueInfo(name), { type: types.get(input) });
  const bound = new Map([...Object.keys(state), ...Object.keys(numbers)].map((name) => [name, inner(name)]));
  const ordered = [...first, ...graph.node.filter((node) => !first.has(node))];
  const nodes = placeNodes(ordered, { bound, fresh: inner, nodeName: (name) => name && inner(name) });
  const body = create(GraphProtoSchema, {
    name: "step",
    node: [
      ...nodes.slice(0, first.size),
      ...judge(inner(loss)),
      ...numbersOf(Object.keys(numbers)),
      ...nodes.slice(first.size),
    ],
    input: [
      makeValueInfo(NUMBER, "int64", []),
      makeValueInfo(inner("going"), "bool", []),
      ...Object.keys(state).map((input) => typed(inner(input), input)),
    ],
    output: [
      makeValueInfo(GOES_ON, "bool", []),
      ...Object.entries(state).map(([input, output]) => typed(inner(output), input)),
      makeValueInfo(inner(loss), "float32", []),
    ],
  });
  return withGraph(step, {
    node: [makeNode("Loop", [COUNT, "", ...Object.keys(state)], [...Object.values(state), loss], { body }, "steps")],
    initializer: [
      ...graph.initializer,
      makeTensor(INFINITE, float32([Infinity], [])),
      ...Object.entries(numbers).map(([name, value]) => makeTensor(still(name), float32([value], []))),
    ],
    input: [
      ...graph.input.filter(({ name }) => !(name in numbers)),
      ...Object.keys(numbers).map((name) => makeValueInfo(name, "float32", ["steps"])),
      makeValueInfo(COUNT, "int64", []),
      makeValueInfo(STOP, "float32", []),
    ],
    output: [
      ...Object.entries(state).map(([input, output]) => typed(output, input)),
      makeValueInfo(loss, "float32", ["taken"]),
    ],
    valueInfo: [],
  });
}

/** No name inside a loop may be one of the graph around it. */
const inner = (name: string) => `steps:inside/${name}`;
const still = (name: string) => `steps:still/${name}`;
const [NUMBER, GOES_ON, INFINITE] = [inner("number"), inner("goes on"), "steps:infinite"];

/** Whether to go on: the loss is not below STOP, and is finite. A loss that is no number is below nothing. */
const judge = (loss: string): NodeProto[] => [
  makeNode("Less", [loss, STOP], [inner("low")], {}, inner("low")),
  makeNode("Not", [inner("low")], [inner("not low")], {}, inner("not low")),
  makeNode("Less", [loss, INFINITE], [inner("finite")], {}, inner("finite")),
  makeNode("And", [inner("not low"), inner("finite")], [GOES_ON], {}, GOES_ON),
];

/** The numbers of this step, or those that leave the state as it is. */
const numbersOf = (names: readonly string[]): NodeProto[] =>
  names.flatMap((name) => {
    const given = inner(`${name}/given`);
    return [
      makeNode("Gather", [name, NUMBER], [given], { axis: 0 }, given),
      makeNode("Where", [GOES_ON, given, still(name)], [inner(name)], {}, inner(name)),
    ];
  });
