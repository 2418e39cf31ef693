// Powers of a small square matrix, with the common factor kept apart so that nothing overflows.

export interface ScaledMatrix {
  /** Row by row; the matrix is values · 2^exponent. */
  readonly values: Float64Array;
  readonly exponent: number;
}

/** `matrix`^`power` for a `size` × `size` matrix given row by row, power ≥ 1. */
export function powerOfMatrix(matrix: Float64Array, size: number, power: number): ScaledMatrix {
  let base: ScaledMatrix = { values: matrix, exponent: 0 };
  let result: ScaledMatrix | undefined;
  for (let rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result ? multiply(result, base, size) : base;
    if (rest > 1) base = multiply(base, base, size);
  }
  return result ?? base;
}

function multiply(a: ScaledMatrix, b: ScaledMatrix, size: number): ScaledMatrix {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a.values[i * size + k] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) {
        values[i * size + j] = (values[i * size + j] ?? 0) + factor * (b.values[k * size + j] ?? 0);
      }
    }
  }
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const shift = largest > 0 ? Math.floor(Math.log2(largest)) : 0;
  if (Math.abs(shift) < 200) return { values, exponent: a.exponent + b.exponent };
  return { values: values.map((value) => value * 2 ** -shift), exponent: a.exponent + b.exponent + shift };
}
