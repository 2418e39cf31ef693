// How many different texts there are: a HyperLogLog over the same hash that the profile's counts use.

/** Registers of the sketch: the relative error is 1.04/√1024 = 3.3 %. */
export const distinctRegisters = 1024;

/**
 * The registers of texts given by their `categoryHash`: the first ten bits choose the register, which keeps the
 * largest number of leading zeros of the other 53, plus one.
 */
export function sketchHashes(hashes: readonly bigint[] | BigInt64Array): number[] {
  const registers = new Array<number>(distinctRegisters).fill(0);
  for (const hash of hashes) {
    const register = Number(hash >> 53n);
    const rest = hash & 0x1fffffffffffffn;
    const rank = rest === 0n ? 54 : 54 - rest.toString(2).length;
    registers[register] = Math.max(registers[register] ?? 0, rank);
  }
  return registers;
}

/** The sketch of both: the larger register each. */
export function mergeDistinct(a: readonly number[], b: readonly number[]): number[] {
  return a.map((register, i) => Math.max(register, b[i] ?? 0));
}

/** The estimated number of different texts, with linear counting while registers are empty. */
export function estimateDistinct(registers: readonly number[]): number {
  const count = registers.length;
  const inverse = registers.reduce((sum, register) => sum + 2 ** -register, 0);
  const raw = ((0.7213 / (1 + 1.079 / count)) * count * count) / inverse;
  const empty = registers.filter((register) => register === 0).length;
  if (raw <= 2.5 * count && empty > 0) return Math.round(count * Math.log(count / empty));
  return Math.round(raw);
}
