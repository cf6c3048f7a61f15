import type { TensorProto } from "onnx-buf";
import type { Tensor } from "../../tensor.ts";
import { intAttribute } from "../attributes.ts";
import { dequantisedName } from "./dequantised-name.ts";
import { floatsOf, makeFloats } from "./float-weight.ts";
import { holdsFloats, packedBytes } from "./integers-of.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { unpackBits, valuesOf } from "./unpack-bits.ts";
import type { Values } from "./unpack-bits.ts";

/**
 * x·W + bias with W [K, N] stored by output column in blocks of `block_size` rows. With accuracy_level 4 the fused kernel may round
 * x to 8 bits; the lowered form does not.
 */
export const matMulNBits: Lowering = ({ g, node, x: [x, b, s, z, order, bias], y: [y] }) => {
  const bits = intAttribute(node, "bits", 4);
  if (![2, 4, 8].includes(bits))
    throw new LoweringError(node, `has weights of ${bits} bits`, "Quantise to 4 or 8 bits");
  if (order) throw new LoweringError(node, "reorders its rows (g_idx)", "Quantise the model without act-order");
  const [packed, scales, zeros] = [g.facts.weight(b), g.facts.weight(s), g.facts.weight(z)];
  if (!packed || !scales || (z && !zeros))
    throw new LoweringError(
      node,
      "has weights that are computed at run time",
      "Export the model with constant weights",
    );
  const [rows, columns] = [intAttribute(node, "K", 0), intAttribute(node, "N", 0)];
  const layout = { rows, columns, bits, block: intAttribute(node, "block_size", 32) };
  const weight = g.weight(dequantisedName(b!), ["MatMulNBits", s, z], () =>
    unpacked(packed, scales, zeros, layout, g.type(s!)),
  );
  if (bias) g.add(g.matMul(x!, weight), bias, y);
  else g.matMul(x!, weight, y);
};

interface Layout {
  rows: number;
  columns: number;
  bits: number;
  block: number;
}

function unpacked(
  packed: TensorProto,
  scales: TensorProto,
  zeros: TensorProto | undefined,
  { rows, columns, bits, block }: Layout,
  type: Tensor["type"],
): Tensor {
  const blocks = Math.ceil(rows / block);
  const values = unpackBits(packedBytes(packed), bits);
  const scale = floatsOf(scales);
  const zero = zeroPoints(zeros, bits, blocks);
  return makeFloats(type, [rows, columns], (i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const k = column * blocks + Math.floor(row / block);
    return (values(column * blocks * block + row) - zero(k)) * scale[k];
  });
}

/** Zero point of each block: a float, packed bits whose rows start at whole bytes, or the middle of the range. */
function zeroPoints(zeros: TensorProto | undefined, bits: number, blocks: number): Values {
  if (!zeros) return () => 2 ** (bits - 1);
  if (holdsFloats(zeros)) return valuesOf(floatsOf(zeros));
  const stride = Math.ceil((blocks * bits) / 8) * (8 / bits);
  const values = unpackBits(packedBytes(zeros), bits);
  return (k) => values(Math.floor(k / blocks) * stride + (k % blocks));
}
