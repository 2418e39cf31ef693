// How many different numbers there are: a HyperLogLog over a hash of their ordered bits that SQL can compute too.
import { distinctRegisters } from "./distinct-sketch.ts";

/** Low bits of the hash, whose leading zeros are counted; the bits above choose the register. */
export const rankBits = 22;

/** What `mix` does, for SQL: one after the other x ^= x >>> shift, then x *= factor (modulo 2^32) unless it is the last. */
export const mixingSteps = [
  { shift: 16, factor: 0x7feb352d },
  { shift: 15, factor: 0x846ca68b },
  { shift: 16, factor: null },
] as const;

/** Spreads the differences of 32 bits over all of them, one to one. */
function mix(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/**
 * Takes in the doubles (by their bits) or integers that `words` hold, low word first, from number `start` to before `end`.
 * What a bin counter takes for missing is left out. `registers` has `distinctRegisters` numbers.
 */
export function sketchWords(
  registers: Uint8Array,
  words: Uint32Array,
  start: number,
  end: number,
  scale: "double" | "integer",
): void {
  for (let i = start; i < end; i++) {
    let low = words[2 * i] as number;
    let high = (words[2 * i + 1] as number) | 0;
    if (scale === "integer") {
      if (high === -0x80000000 && low === 0) continue;
    } else {
      const magnitude = high & 0x7fffffff;
      if (magnitude >= 0x7ff00000 && (magnitude > 0x7ff00000 || low !== 0)) continue;
      if (magnitude === 0 && low === 0) high = 0;
      const sign = high >> 31;
      high ^= sign & 0x7fffffff;
      low ^= sign;
    }
    takeIn(registers, mix(mix(low) ^ high));
  }
}

/** The registers of the ordered integers that a histogram of level 0 has for keys. */
export function sketchKeys(keys: BigInt64Array): number[] {
  const registers = new Uint8Array(distinctRegisters);
  const words = new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
  sketchWords(registers, words, 0, keys.length, "integer");
  return [...registers];
}

function takeIn(registers: Uint8Array, hash: number): void {
  const register = hash >>> rankBits;
  const rank = Math.min(Math.clz32(hash << (32 - rankBits)), rankBits) + 1;
  if (rank > (registers[register] as number)) registers[register] = rank;
}
