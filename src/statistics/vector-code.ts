// Writes small WebAssembly modules whose functions work on vectors of 16 bytes; only the instructions that the resampling needs.

/** Bytes of instructions. An expression leaves its value on the stack. */
export type Code = readonly number[];

type ValueType = "i32" | "v128";

const typeBytes: Readonly<Record<ValueType, number>> = { i32: 0x7f, v128: 0x7b };

/** Prefix of vector instructions. */
const vector = 0xfd;
/** Type of a block that leaves nothing on the stack. */
const nothing = 0x40;
const end = 0x0b;

/** Unsigned LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: number): Code {
  if (value >= -64 && value < 64) return [value & 0x7f];
  return [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

type Operation = (...operands: readonly Code[]) => Code;

function plain(code: number): Operation {
  return (...operands) => [...operands.flat(), code];
}

function onVectors(code: number): Operation {
  return (...operands) => [...operands.flat(), vector, ...unsigned(code)];
}

/** Instructions by the names of the WebAssembly specification, operands before the instruction's own constants. */
export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  /** Address on a multiple of 4. */
  load: (address: Code): Code => [...address, 0x28, 2, 0],
  add: plain(0x6a),
  sub: plain(0x6b),
  and: plain(0x71),
  lessUnsigned: plain(0x49),
  isZero: plain(0x45),
  select: plain(0x1b),
} as const;

export const v128 = {
  /** Address on a multiple of 16; `slot` counts further vectors from there. */
  load: (address: Code, slot = 0): Code => [...address, vector, 0x00, 4, ...unsigned(16 * slot)],
  store: (address: Code, value: Code, slot = 0): Code => [
    ...address,
    ...value,
    vector,
    0x0b,
    4,
    ...unsigned(16 * slot),
  ],
  zero: [vector, 0x0c, ...new Array<number>(16).fill(0)] as Code,
  and: onVectors(0x4e),
  /** Bits of the first that the second lacks. */
  andNot: onVectors(0x4f),
  or: onVectors(0x50),
  xor: onVectors(0x51),
  /** Bits of the first where the third has ones, else of the second. */
  bitSelect: onVectors(0x52),
  anyTrue: onVectors(0x53),
  /** The upper eight bytes moved down. */
  upperHalf: (value: Code): Code => [
    ...value,
    ...value,
    vector,
    0x0d,
    ...[0, 1].flatMap(() => [8, 9, 10, 11, 12, 13, 14, 15]),
  ],
} as const;

export const i8x16 = {
  splat: onVectors(0x0f),
  negate: onVectors(0x61),
  narrow: onVectors(0x65),
  add: onVectors(0x6e),
} as const;

export const i16x8 = {
  greater: onVectors(0x31),
  widenLow: onVectors(0x89),
  widenHigh: onVectors(0x8a),
  add: onVectors(0x8e),
  /** Products of the unsigned bytes of the lower, or upper, half. */
  multiplyLow: onVectors(0x9e),
  multiplyHigh: onVectors(0x9f),
} as const;

export const i32x4 = {
  splat: onVectors(0x11),
  lessOrEqual: onVectors(0x3d),
  widenLow: onVectors(0xa9),
  widenHigh: onVectors(0xaa),
  shiftLeft: onVectors(0xab),
  shiftRight: onVectors(0xad),
  add: onVectors(0xae),
  greatest: onVectors(0xb8),
  /** Products of the unsigned 16-bit words of the lower, or upper, half. */
  multiplyLow: onVectors(0xbe),
  multiplyHigh: onVectors(0xbf),
} as const;

export const f64x2 = {
  /** Of the two lower signed integers. */
  fromLow: onVectors(0xfe),
  add: onVectors(0xf0),
  multiply: onVectors(0xf2),
  divide: onVectors(0xf3),
} as const;

/** Repeats while the condition holds; runs at least once. */
export function repeatWhile(condition: Code, ...body: readonly Code[]): Code {
  return [0x03, nothing, ...body.flat(), ...condition, 0x0d, 0, end];
}

export function when(condition: Code, ...body: readonly Code[]): Code {
  return [...condition, 0x04, nothing, ...body.flat(), end];
}

/** A function without results; parameters are integers. Names give the locals. */
export interface VectorFunction {
  readonly parameters: readonly string[];
  readonly integers: readonly string[];
  readonly vectors: readonly string[];
  readonly body: (locals: Locals) => readonly Code[];
}

export interface Locals {
  readonly get: (name: string) => Code;
  readonly set: (name: string, value: Code) => Code;
}

/** The module's bytes: it imports `env.memory` and exports each function by its name. Throws for a local that is not named. */
export function assemble(functions: Readonly<Record<string, VectorFunction>>): Uint8Array<ArrayBuffer> {
  const all = Object.entries(functions);
  const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
  const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
  const text = (value: string): Code => list([...value].map((letter) => [letter.charCodeAt(0)]));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(all.map(([, { parameters }]) => [0x60, ...list(parameters.map(() => [typeBytes.i32])), 0]))),
    ...section(2, list([[...text("env"), ...text("memory"), 0x02, 0, 1]])),
    ...section(3, list(all.map((_, index) => unsigned(index)))),
    ...section(7, list(all.map(([name], index) => [...text(name), 0x00, ...unsigned(index)]))),
    ...section(10, list(all.map(([, one]) => encodeFunction(one)))),
  ]);
}

function encodeFunction({ parameters, integers, vectors, body }: VectorFunction): Code {
  const names = [...parameters, ...integers, ...vectors];
  const find = (name: string): Code => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`no local is called ${name}`);
    return unsigned(index);
  };
  const code = body({
    get: (name) => [0x20, ...find(name)],
    set: (name, value) => [...value, 0x21, ...find(name)],
  });
  const locals: Code = [2, ...unsigned(integers.length), typeBytes.i32, ...unsigned(vectors.length), typeBytes.v128];
  const bytes = [...locals, ...code.flat(), end];
  return [...unsigned(bytes.length), ...bytes];
}
