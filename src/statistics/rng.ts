// A small seeded generator: the same seed gives the same numbers on every machine.

export interface Random {
  /** Uniform on 0 … 2³² − 1. */
  readonly nextUint32: () => number;
  /** Uniform on [0, 1) with 53 bits. */
  readonly nextFloat: () => number;
  /** Uniform on 0 … limit − 1, 1 ≤ limit ≤ 2³²; the bias is below limit / 2³² (multiply-shift). */
  readonly nextInteger: (limit: number) => number;
  /** Standard normal (polar method). */
  readonly nextNormal: () => number;
  /** Fills `words` with what as many calls of `nextUint32` would return, several times as fast. */
  readonly fillWords: (words: Uint32Array | Int32Array) => void;
  /** Gamma with the given shape > 0 and scale 1 (Marsaglia and Tsang 2000). */
  readonly nextGamma: (shape: number) => number;
}

/** xoshiro128** (Blackman and Vigna 2018), its state filled from any text by a 32-bit hash; the same text gives the same stream. */
export function createRandom(seed: string): Random {
  let [s0, s1, s2, s3] = hashToWords(seed);
  const nextUint32 = (): number => {
    const five = Math.imul(s1, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  };
  const fillWords = (words: Uint32Array | Int32Array): void => {
    // The state in locals: several times as fast as through the closure.
    let [a, b, c, d] = [s0, s1, s2, s3];
    for (let at = 0; at < words.length; at += 1) {
      const five = Math.imul(b, 5);
      words[at] = Math.imul((five << 7) | (five >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    [s0, s1, s2, s3] = [a, b, c, d];
  };
  const nextFloat = (): number => ((nextUint32() >>> 5) * 67108864 + (nextUint32() >>> 6)) / 9007199254740992;
  let spare = Number.NaN;
  const nextNormal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    for (;;) {
      const x = 2 * nextFloat() - 1;
      const y = 2 * nextFloat() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
  const nextGamma = (shape: number): number => {
    if (shape < 1) return nextGamma(shape + 1) * (1 - nextFloat()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = nextNormal();
      const v = (1 + c * x) ** 3;
      if (v <= 0) continue;
      const u = 1 - nextFloat();
      if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return {
    nextUint32,
    nextFloat,
    nextInteger: (limit) => Math.floor((nextUint32() / 4294967296) * limit),
    nextNormal,
    nextGamma,
    fillWords,
  };
}

/** Four well-mixed words of a text (the finaliser of MurmurHash3 over a rolling hash); never all zero. */
function hashToWords(text: string): [number, number, number, number] {
  let state = 0x9e3779b9 ^ text.length;
  for (let at = 0; at < text.length; at += 1) state = mix(Math.imul(state ^ text.charCodeAt(at), 0x85ebca6b));
  const words = [0, 0, 0, 0].map(() => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state);
  });
  return [words[0]! | 1, words[1]!, words[2]!, words[3]!];
}

function mix(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}
