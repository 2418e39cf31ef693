// The loops of the resampling, sixteen resamples side by side: a row's counts are the sixteen bytes of one vector.
import {
  assemble,
  type Code,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type KernelFunction,
  type Locals,
  repeatWhile,
  v128,
  when,
} from "./assembly.ts";
import { createPages } from "./kernel-memory.ts";

/** Resamples side by side. */
export const lanes = 16;

/** Most often that a unit is drawn: then the counts of 17 rows add up in a byte, those of `stretch` rows in 16 bits. */
export const mostOften = 15;

/** Rows of one call of a loop that adds up in 16 bits. */
export const stretch = 4096;
const rowsOfByteSums = 17;

/** Counts that are drawn by comparing 16 random bits with as many limits; larger ones are put in afterwards. */
export const drawnLimits = 6;

/** Flags in the lower bits of a reference to a row's counts, which lie on multiples of 16. */
export const flags = { positive: 1, /** Last of equal scores of which one is positive. */ closesTie: 2 } as const;

/** Addresses are in bytes. Results are written to `out`, one vector or four or eight per quantity, lanes in order. */
export interface CountKernels {
  /** Counts of the units from `at` to `end`, by the generator's four vectors of state and the limits after them. Out: sums in 16 bits. */
  readonly draw: (at: number, end: number, state: number, out: number) => void;
  /** Sums of the rows referred to, in 16 bits. */
  readonly sum: (at: number, end: number, out: number) => void;
  /** Rows by ascending score. Out: negatives and positives in 16 bits, then pairs of a positive after a negative in 32. */
  readonly area: (at: number, end: number, out: number) => void;
  /** Rows by descending score. Out: sums of precision × what was found, as doubles, then the positives in 32 bits. */
  readonly precision: (at: number, end: number, out: number) => void;
  /** Rows by descending score; `limits` are most negatives in 32 bits. Out: positives found within them in 32 bits. */
  readonly recall: (at: number, end: number, limits: number, out: number) => void;
}

const quarters = [0, 1, 2, 3] as const;

/** Number `size` of locals that together hold one number per lane. */
function name(quantity: string, size: number): readonly string[] {
  return Array.from({ length: size }, (_, index) => `${quantity}${index}`);
}

function storeAll(locals: Locals, names: readonly string[], from = 0): Code {
  return names.flatMap((one, index) => v128.store(locals.get("out"), locals.get(one), from + index));
}

/** `to` + the bytes of `value`, in two vectors of 16-bit numbers. */
function addBytes({ get, set }: Locals, to: string, value: Code): Code {
  return [
    ...set(`${to}0`, i16x8.add(get(`${to}0`), i16x8.widenLow(value))),
    ...set(`${to}1`, i16x8.add(get(`${to}1`), i16x8.widenHigh(value))),
  ];
}

/** `to` + the bytes of `value`, in four vectors of 32-bit numbers. */
function addBytesWide({ get, set }: Locals, to: string, value: Code): Code {
  return quarters.flatMap((quarter) => {
    const half = quarter < 2 ? i16x8.widenLow(value) : i16x8.widenHigh(value);
    const wide = quarter % 2 === 0 ? i32x4.widenLow(half) : i32x4.widenHigh(half);
    return set(`${to}${quarter}`, i32x4.add(get(`${to}${quarter}`), wide));
  });
}

/** Reads the reference at `at`, its counts, and a mask of ones where the row is positive. */
function readRow({ get, set }: Locals): Code {
  return [
    ...set("word", i32.load(get("at"))),
    ...set("counts", v128.load(i32.and(get("word"), i32.constant(-16)))),
    ...set("mask", i8x16.splat(i32.sub(i32.constant(0), i32.and(get("word"), i32.constant(flags.positive))))),
  ];
}

function nextRow({ get, set }: Locals, bytes = 4): Code {
  return set("at", i32.add(get("at"), i32.constant(bytes)));
}

const draw: KernelFunction = {
  parameters: ["at", "end", "state", "out"],
  vectors: [
    "s0",
    "s1",
    "s2",
    "s3",
    "word",
    "shifted",
    ...name("limit", drawnLimits),
    ...name("drawn", 2),
    "counts",
    ...name("sum", 2),
  ],
  body: (locals) => {
    const { get, set } = locals;
    const rotate = (value: Code, by: number): Code =>
      v128.or(i32x4.shiftLeft(value, i32.constant(by)), i32x4.shiftRight(value, i32.constant(32 - by)));
    // xoshiro128++ (Blackman and Vigna 2019), four streams side by side.
    const nextWord = [
      set("word", i32x4.add(get("s0"), get("s3"))),
      set("word", i32x4.add(rotate(get("word"), 7), get("s0"))),
      set("shifted", i32x4.shiftLeft(get("s1"), i32.constant(9))),
      set("s2", v128.xor(get("s2"), get("s0"))),
      set("s3", v128.xor(get("s3"), get("s1"))),
      set("s1", v128.xor(get("s1"), get("s2"))),
      set("s0", v128.xor(get("s0"), get("s3"))),
      set("s2", v128.xor(get("s2"), get("shifted"))),
      set("s3", rotate(get("s3"), 11)),
    ].flat();
    // Each limit that is passed adds −1.
    const drawn = name("limit", drawnLimits)
      .map((limit) => i16x8.greater(get("word"), get(limit)))
      .reduce((sum, one) => i16x8.add(sum, one));
    const state = [...name("s", 4), ...name("limit", drawnLimits)];
    return [
      ...state.map((one, index) => set(one, v128.load(get("state"), index))),
      repeatWhile(
        i32.lessUnsigned(get("at"), get("end")),
        nextWord,
        set("drawn0", drawn),
        nextWord,
        set("drawn1", drawn),
        set("counts", i8x16.negate(i8x16.narrow(get("drawn0"), get("drawn1")))),
        v128.store(get("at"), get("counts")),
        addBytes(locals, "sum", get("counts")),
        nextRow(locals, lanes),
      ),
      ...name("s", 4).map((one, index) => v128.store(get("state"), get(one), index)),
      storeAll(locals, name("sum", 2)),
    ];
  },
};

const sum: KernelFunction = {
  parameters: ["at", "end", "out"],
  integers: ["word"],
  vectors: ["counts", ...name("sum", 2)],
  body: (locals) => {
    const { get, set } = locals;
    return [
      repeatWhile(
        i32.lessUnsigned(get("at"), get("end")),
        set("counts", v128.load(i32.and(i32.load(get("at")), i32.constant(-16)))),
        addBytes(locals, "sum", get("counts")),
        nextRow(locals),
      ),
      storeAll(locals, name("sum", 2)),
    ];
  },
};

const area: KernelFunction = {
  parameters: ["at", "end", "out"],
  integers: ["word", "blockEnd"],
  vectors: [
    ...["counts", "mask", "positive", "negatives", "positives", "half"],
    ...name("inside", 2),
    ...name("negativeSum", 2),
    ...name("positiveSum", 2),
    ...name("pairs", 4),
  ],
  body: (locals) => {
    const { get, set } = locals;
    const addPairs = (quarter: number, pairs: Code): Code =>
      set(`pairs${quarter}`, i32x4.add(get(`pairs${quarter}`), pairs));
    const closeHalf = (half: 0 | 1, widen: (value: Code) => Code): Code => [
      ...set("half", widen(get("positives"))),
      ...addPairs(
        2 * half,
        i32x4.add(i32x4.multiplyLow(get("half"), get(`negativeSum${half}`)), i32x4.widenLow(get(`inside${half}`))),
      ),
      ...addPairs(
        2 * half + 1,
        i32x4.add(i32x4.multiplyHigh(get("half"), get(`negativeSum${half}`)), i32x4.widenHigh(get(`inside${half}`))),
      ),
    ];
    const blockBytes = i32.add(get("at"), i32.constant(4 * rowsOfByteSums));
    return [
      repeatWhile(
        i32.lessUnsigned(get("at"), get("end")),
        set("blockEnd", i32.select(blockBytes, get("end"), i32.lessUnsigned(blockBytes, get("end")))),
        // Inside a block sums fit into bytes, and their products into 16 bits.
        ...["negatives", "positives", "inside0", "inside1"].map((one) => set(one, v128.zero)),
        repeatWhile(
          i32.lessUnsigned(get("at"), get("blockEnd")),
          readRow(locals),
          set("positive", v128.and(get("counts"), get("mask"))),
          set("negatives", i8x16.add(get("negatives"), v128.andNot(get("counts"), get("mask")))),
          set("positives", i8x16.add(get("positives"), get("positive"))),
          set("inside0", i16x8.add(get("inside0"), i16x8.multiplyLow(get("positive"), get("negatives")))),
          set("inside1", i16x8.add(get("inside1"), i16x8.multiplyHigh(get("positive"), get("negatives")))),
          nextRow(locals),
        ),
        closeHalf(0, i16x8.widenLow),
        closeHalf(1, i16x8.widenHigh),
        addBytes(locals, "negativeSum", get("negatives")),
        addBytes(locals, "positiveSum", get("positives")),
      ),
      storeAll(locals, [...name("negativeSum", 2), ...name("positiveSum", 2), ...name("pairs", 4)]),
    ];
  },
};

const precision: KernelFunction = {
  parameters: ["at", "end", "out"],
  integers: ["word"],
  vectors: [
    "counts",
    "mask",
    "one",
    ...name("all", 4),
    ...name("found", 4),
    ...name("positives", 4),
    ...name("sum", 8),
  ],
  body: (locals) => {
    const { get, set } = locals;
    // The upper two of four integers become doubles after they are moved down.
    const halves = [(value: Code) => value, v128.upperHalf];
    const close = quarters.flatMap((quarter) => [
      ...set(`positives${quarter}`, i32x4.add(get(`positives${quarter}`), get(`found${quarter}`))),
      ...halves.flatMap((half, index) => {
        const read = (quantity: string) => f64x2.fromLow(half(get(`${quantity}${quarter}`)));
        // Where nothing was drawn so far, 0 of 1 is what 0 of 0 has to be.
        const all = f64x2.fromLow(half(i32x4.greatest(get(`all${quarter}`), get("one"))));
        const part = f64x2.multiply(read("found"), f64x2.divide(read("positives"), all));
        return set(`sum${2 * quarter + index}`, f64x2.add(get(`sum${2 * quarter + index}`), part));
      }),
      ...set(`found${quarter}`, v128.zero),
    ]);
    return [
      set("one", i32x4.splat(i32.constant(1))),
      repeatWhile(
        i32.lessUnsigned(get("at"), get("end")),
        readRow(locals),
        addBytesWide(locals, "all", get("counts")),
        addBytesWide(locals, "found", v128.and(get("counts"), get("mask"))),
        when(i32.and(get("word"), i32.constant(flags.closesTie)), close),
        nextRow(locals),
      ),
      storeAll(locals, [...name("sum", 8), ...name("positives", 4)]),
    ];
  },
};

const recall: KernelFunction = {
  parameters: ["at", "end", "limits", "out"],
  integers: ["word"],
  vectors: ["counts", "mask", "within", "any", ...name("negatives", 4), ...name("found", 4), ...name("best", 4)],
  body: (locals) => {
    const { get, set } = locals;
    const close = quarters.flatMap((quarter) => [
      ...set("within", i32x4.lessOrEqual(get(`negatives${quarter}`), v128.load(get("limits"), quarter))),
      ...set(`best${quarter}`, v128.bitSelect(get(`found${quarter}`), get(`best${quarter}`), get("within"))),
      ...set("any", v128.or(get("any"), get("within"))),
    ]);
    return [
      repeatWhile(
        i32.lessUnsigned(get("at"), get("end")),
        readRow(locals),
        addBytesWide(locals, "negatives", v128.andNot(get("counts"), get("mask"))),
        addBytesWide(locals, "found", v128.and(get("counts"), get("mask"))),
        nextRow(locals),
        when(
          i32.and(get("word"), i32.constant(flags.closesTie)),
          set("any", v128.zero),
          close,
          // Negatives only grow: nothing is found within the limits any more.
          when(i32.isZero(v128.anyTrue(get("any"))), set("at", get("end"))),
        ),
      ),
      storeAll(locals, name("best", 4)),
    ];
  },
};

let shared: { readonly memory: WebAssembly.Memory; readonly kernels: CountKernels } | null = null;

/** One for the whole program, since a memory reserves much address space: whoever uses it is done with it before it returns. */
export function shareKernels(): { readonly memory: WebAssembly.Memory; readonly kernels: CountKernels } {
  if (shared !== null) return shared;
  const memory = createPages(1);
  const module = new WebAssembly.Module(assemble({ draw, sum, area, precision, recall }));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  shared = { memory, kernels: exports as unknown as CountKernels };
  return shared;
}
