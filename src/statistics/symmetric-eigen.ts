// Eigenvalues and eigenvectors of a symmetric matrix.

export interface Eigen {
  /** Descending. */
  readonly values: readonly number[];
  /** In the order of the values, each of length 1. */
  readonly vectors: readonly Float64Array[];
}

const mostSweeps = 60;

/** By Jacobi's rotations; `matrix` holds size × size values row by row and is not changed. Time grows with size³. */
export function decomposeSymmetric(matrix: Float64Array, size: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    if (sumOffDiagonal(a, size) <= 1e-22 * sumDiagonal(a, size)) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, p, q, size);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[j * size + j]! - a[i * size + i]! || i - j);
  return {
    values: order.map((i) => a[i * size + i]!),
    vectors: order.map((i) => Float64Array.from({ length: size }, (_, row) => v[row * size + i]!)),
  };
}

function rotate(a: Float64Array, v: Float64Array, p: number, q: number, size: number): void {
  const off = a[p * size + q]!;
  if (off === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * off);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) {
    const [left, right] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = cosine * left - sine * right;
    a[k * size + q] = sine * left + cosine * right;
  }
  for (let k = 0; k < size; k++) {
    const [left, right] = [a[p * size + k]!, a[q * size + k]!];
    a[p * size + k] = cosine * left - sine * right;
    a[q * size + k] = sine * left + cosine * right;
    const [first, second] = [v[k * size + p]!, v[k * size + q]!];
    v[k * size + p] = cosine * first - sine * second;
    v[k * size + q] = sine * first + cosine * second;
  }
}

function sumOffDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum += 2 * a[i * size + j]! ** 2;
  return sum;
}

function sumDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += a[i * size + i]! ** 2;
  return sum;
}
