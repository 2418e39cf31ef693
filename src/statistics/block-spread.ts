// The spread of an estimate from rows that depend on each other in time, from resamples of blocks of two lengths.

/** Draws by blocks of a length and of twice that length. */
export interface BlockDraws {
  readonly single: Float64Array;
  readonly double: Float64Array;
}

/** Longest block for which one of twice the length still leaves something to resample. */
export function canDouble(blockLength: number, rows: number): boolean {
  return 4 * blockLength <= rows;
}

/**
 * Draws of single blocks, spread about their mean as far as the dependence between blocks asks for. Blocks of length l miss what rows farther apart than l share:
 * their variance V(l) is too small by about c/l, so 2·V(2l) − V(l) is free of that (a trapezoid flat-top window, Politis and Romano 1995); the largest of the
 * three is taken. Each is divided by 1 − length / rows, what resampling about the sample's own mean leaves out. `double` null = blocks are too long for that.
 */
export function spreadBlockDraws(
  single: Float64Array,
  double: Float64Array | null,
  rows: number,
  blockLength: number,
): Float64Array {
  const [mean, plain] = measureMoments(single);
  const first = plain / Math.max(1 / rows, 1 - blockLength / rows);
  const second = double === null ? 0 : measureMoments(double)[1] / (1 - (2 * blockLength) / rows);
  const factor = Math.sqrt(Math.max(first, second, 2 * second - first) / plain);
  return plain > 0 ? single.map((draw) => mean + factor * (draw - mean)) : single;
}

/**
 * Student's degrees of freedom of that variance: 2 / (relative variance) = (3/8) · rows / length for the trapezoid window, whose squares sum to 8/3 lengths; at
 * least 1.
 */
export function countBlockFreedom(rows: number, blockLength: number): number {
  return Math.max(1, (0.375 * rows) / blockLength);
}

/** Mean and variance of the finite draws. */
function measureMoments(draws: Float64Array): readonly [number, number] {
  let [count, mean, squares] = [0, 0, 0];
  for (const draw of draws) {
    if (!Number.isFinite(draw)) continue;
    count += 1;
    const step = draw - mean;
    mean += step / count;
    squares += step * (draw - mean);
  }
  return [mean, squares / Math.max(1, count - 1)];
}
