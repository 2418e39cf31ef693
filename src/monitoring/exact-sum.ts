// Sums of doubles without rounding, so that no order of the terms shows: partial sums that do not overlap (Shewchuk 1997).

export interface ExactSum {
  /** Adds a finite number. */
  readonly add: (term: number) => void;
  /** The sum as mantissa · 2^exponent, the mantissa odd or 0. */
  readonly finish: () => Exact;
}

export interface Exact {
  readonly mantissa: bigint;
  readonly exponent: number;
}

export const exactZero: Exact = { mantissa: 0n, exponent: 0 };

export function createExactSum(): ExactSum {
  // Doubles span 2098 bits: partial sums of 53 bits that do not overlap are at most 40.
  const partials = new Float64Array(64);
  let count = 0;
  return {
    add: (term) => {
      let x = term;
      let used = 0;
      for (let i = 0; i < count; i++) {
        const y = partials[i] as number;
        const high = x + y;
        const part = high - x;
        const low = x - (high - part) + (y - part);
        if (low !== 0) partials[used++] = low;
        x = high;
      }
      partials[used] = x;
      count = used + 1;
    },
    finish: () => [...partials.subarray(0, count)].map(fromNumber).reduce(addExact, exactZero),
  };
}

/** The sum of two, exactly. */
export function addExact(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  return normalize(
    (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent)),
    exponent,
  );
}

/** The product of two, exactly. */
export function multiplyExact(a: Exact, b: Exact): Exact {
  return normalize(a.mantissa * b.mantissa, a.exponent + b.exponent);
}

/** The nearest double, but for the last bit; within the range of doubles. */
export function toNumber({ mantissa, exponent }: Exact): number {
  const size = mantissa < 0n ? -mantissa : mantissa;
  const surplus = Math.max(0, size.toString(2).length - 60);
  return Number(mantissa >> BigInt(surplus)) * 2 ** (exponent + surplus);
}

/** A finite double as it is. */
export function fromNumber(value: number): Exact {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const field = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = field === 0 ? fraction : fraction | 0x10000000000000n;
  return normalize(value < 0 ? -mantissa : mantissa, Math.max(1, field) - 1075);
}

function normalize(mantissa: bigint, exponent: number): Exact {
  if (mantissa === 0n) return exactZero;
  let odd = mantissa;
  let at = exponent;
  for (const step of [64n, 8n, 1n]) {
    while ((odd & ((1n << step) - 1n)) === 0n) {
      odd >>= step;
      at += Number(step);
    }
  }
  return { mantissa: odd, exponent: at };
}
