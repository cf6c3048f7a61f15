import { TensorProto_DataType as DataType } from "onnx-buf";
import type { TensorProto } from "onnx-buf";
import { intAttribute } from "../attributes.ts";
import { dequantise } from "./dequantise.ts";
import { dequantisedName } from "./dequantised-name.ts";
import { floatsOf } from "./float-weight.ts";
import { integersOf, packedBytes } from "./integers-of.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { unpackBits } from "./unpack-bits.ts";
import type { Values } from "./unpack-bits.ts";

/** Rows of a table that is quantised in blocks. Packed bytes (uint8) hold 8 / bits values each and centre their range on zero. */
export const gatherBlockQuantized: Lowering = ({ g, node, x: [data, indices, s, z], y: [y] }) => {
  const [packed, scales, zeros] = [g.facts.weight(data), g.facts.weight(s), g.facts.weight(z)];
  if (!packed || !scales || (z && !zeros))
    throw new LoweringError(node, "has a table that is computed at run time", "Export the model with a constant table");
  const bits = packed.dataType === DataType.UINT8 ? intAttribute(node, "bits", 4) : undefined;
  const table = g.weight(dequantisedName(data!), ["GatherBlockQuantized", s, z], () => {
    const dims = packed.dims.map(Number);
    if (bits) dims[dims.length - 1] *= 8 / bits;
    const blocks = Number(scales.dims.at(-1));
    return dequantise({
      values: bits ? rowsOf(packed, bits, dims.at(-1)!) : integersOf(packed),
      dims,
      scales: floatsOf(scales),
      zeroPoints: zeros && (bits ? rowsOf(zeros, bits, blocks) : integersOf(zeros)),
      zero: bits ? 2 ** (bits - 1) : 0,
      axis: intAttribute(node, "quantize_axis", 1),
      block: intAttribute(node, "block_size", 128),
      type: g.type(s!),
    });
  });
  g.op("Gather", [table, indices!], { axis: intAttribute(node, "gather_axis", 0) }, y);
};

/** Values packed along the last axis, each row starting at a whole byte. */
function rowsOf(packed: TensorProto, bits: number, columns: number): Values {
  const stride = Number(packed.dims.at(-1)) * (8 / bits);
  const values = unpackBits(packedBytes(packed), bits);
  return stride === columns ? values : (i) => values(Math.floor(i / columns) * stride + (i % columns));
}
