import { float32, type Tensor } from "../../../kernels/tensor.ts";

/** A [n, r] times B [r, m] in double precision, term by term. */
export function matrixProduct(a: Tensor<Float32Array>, b: Tensor<Float32Array>): Tensor<Float32Array> {
  const [rows, rank] = a.dims;
  const columns = b.dims[1];
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += a.data[i * rank + k] * b.data[k * columns + j];
      data[i * columns + j] = sum;
    }
  return float32(data, [rows, columns]);
}
