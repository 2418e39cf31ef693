// Writes small WebAssembly modules for the loops that run once a value; only the instructions that they need.

/** Bytes of instructions, in parts and parts of those: put together once, at the end. An expression leaves its value on the stack. */
export type Code = readonly (number | Code)[];

/** Types of locals, by what they are called here. */
const typeBytes = { integers: 0x7f, longs: 0x7e, doubles: 0x7c, vectors: 0x7b } as const;
const kinds = ["integers", "longs", "doubles", "vectors"] as const;

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

function signedLong(value: bigint): Code {
  if (value >= -64n && value < 64n) return [Number(value & 0x7fn)];
  return [Number(value & 0x7fn) | 0x80, ...signedLong(value >> 7n)];
}

type Operation = (...operands: readonly Code[]) => Code;

function plain(code: number): Operation {
  return (...operands) => [...operands, code];
}

function onVectors(code: number): Operation {
  return (...operands) => [...operands, vector, unsigned(code)];
}

function loads(code: number, alignment: number): (address: Code, offset?: number) => Code {
  return (address, offset = 0) => [address, code, alignment, unsigned(offset)];
}

function stores(code: number, alignment: number): (address: Code, value: Code, offset?: number) => Code {
  return (address, value, offset = 0) => [address, value, code, alignment, unsigned(offset)];
}

/**
 * Instructions by the names of the WebAssembly specification, operands before the instruction's own constants. Addresses of
 * numbers are on multiples of their size; an offset in bytes is added to them.
 */
export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  load: loads(0x28, 2),
  loadByte: loads(0x2d, 0),
  store: stores(0x36, 2),
  storeByte: stores(0x3a, 0),
  add: plain(0x6a),
  sub: plain(0x6b),
  multiply: plain(0x6c),
  /** Of unsigned ones. */
  divide: plain(0x6e),
  remainder: plain(0x70),
  and: plain(0x71),
  or: plain(0x72),
  xor: plain(0x73),
  shiftLeft: plain(0x74),
  shiftRight: plain(0x75),
  shiftRightUnsigned: plain(0x76),
  leadingZeros: plain(0x67),
  trailingZeros: plain(0x68),
  equal: plain(0x46),
  notEqual: plain(0x47),
  lessSigned: plain(0x48),
  lessUnsigned: plain(0x49),
  greaterUnsigned: plain(0x4b),
  isZero: plain(0x45),
  select: plain(0x1b),
  /** The lower half of a long one. */
  wrap: plain(0xa7),
} as const;

export const i64 = {
  constant: (value: bigint): Code => [0x42, ...signedLong(value)],
  load: loads(0x29, 3),
  store: stores(0x37, 3),
  add: plain(0x7c),
  sub: plain(0x7d),
  multiply: plain(0x7e),
  and: plain(0x83),
  or: plain(0x84),
  xor: plain(0x85),
  leadingZeros: plain(0x79),
  trailingZeros: plain(0x7a),
  countOnes: plain(0x7b),
  shiftLeft: plain(0x86),
  shiftRight: plain(0x87),
  shiftRightUnsigned: plain(0x88),
  isZero: plain(0x50),
  equal: plain(0x51),
  notEqual: plain(0x52),
  lessUnsigned: plain(0x54),
  greaterUnsigned: plain(0x56),
  /** Of an unsigned one of 32 bits. */
  extend: plain(0xad),
} as const;

export const f64 = {
  load: loads(0x2b, 3),
  store: stores(0x39, 3),
  constant: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
  add: plain(0xa0),
  sub: plain(0xa1),
  /** The bits as a long integer. */
  bits: plain(0xbd),
  /** Of an unsigned long one. */
  fromUnsigned: plain(0xba),
} as const;

function loadsVector(code: number, alignment: number): (address: Code, offset?: number) => Code {
  return (address, offset = 0) => [address, vector, code, alignment, unsigned(offset)];
}

function loadsLane(code: number, alignment: number): (address: Code, into: Code, offset?: number) => Code {
  return (address, into, offset = 0) => [address, into, vector, code, alignment, unsigned(offset), 1];
}

/** Words of two vectors by their number, the second's from 4. */
function shuffle(first: Code, second: Code, words: readonly number[]): Code {
  const bytes = words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte));
  return [first, second, vector, 0x0d, bytes];
}

export const v128 = {
  /** Quickest on a multiple of 16; `slot` counts further vectors from there. */
  load: (address: Code, slot = 0): Code => [address, vector, 0x00, 4, unsigned(16 * slot)],
  store: (address: Code, value: Code, slot = 0): Code => [address, value, vector, 0x0b, 4, unsigned(16 * slot)],
  /** A vector of which only the lower word, or half, is read; and the same with its second word, or half, read into it. */
  loadFirstWord: loadsVector(0x5c, 2),
  loadFirstHalf: loadsVector(0x5d, 3),
  loadSecondWord: loadsLane(0x56, 2),
  loadSecondHalf: loadsLane(0x57, 3),
  /** Writes the lower half. */
  storeFirstHalf: (address: Code, value: Code): Code => [address, value, vector, 0x5b, 3, 0, 0],
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
  upperHalf: (value: Code): Code => shuffle(value, value, [2, 3, 2, 3]),
} as const;

export const i8x16 = {
  splat: onVectors(0x0f),
  /** Of the first, the bytes that the second numbers; 0 for numbers from 16 on. */
  pick: onVectors(0x0e),
  equal: onVectors(0x23),
  /** The sign of each byte, as bits of an integer. */
  signs: onVectors(0x64),
  negate: onVectors(0x61),
  narrow: onVectors(0x65),
  add: onVectors(0x6e),
  /** Unsigned; what is too large becomes the largest. */
  addUnsigned: onVectors(0x70),
} as const;

export const i16x8 = {
  greater: onVectors(0x31),
  /** Signed words of both as words of half their size; what is too large becomes the largest. */
  narrow: onVectors(0x85),
  shiftRightUnsigned: onVectors(0x8d),
  multiply: onVectors(0x95),
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
  lessOrEqualUnsigned: onVectors(0x3e),
  widenLow: onVectors(0xa9),
  widenHigh: onVectors(0xaa),
  shiftLeft: onVectors(0xab),
  /** Copies of the sign come in. */
  shiftRightSigned: onVectors(0xac),
  shiftRight: onVectors(0xad),
  add: onVectors(0xae),
  multiply: onVectors(0xb5),
  /** Sums of the two products of signed 16-bit words that lie beside each other. */
  multiplyPairs: onVectors(0xba),
  /** The first and third, or second and fourth, word of both. */
  even: (first: Code, second: Code): Code => shuffle(first, second, [0, 2, 4, 6]),
  odd: (first: Code, second: Code): Code => shuffle(first, second, [1, 3, 5, 7]),
  greatest: onVectors(0xb8),
  /** Products of the unsigned 16-bit words of the lower, or upper, half. */
  multiplyLow: onVectors(0xbe),
  multiplyHigh: onVectors(0xbf),
} as const;

export const i64x2 = {
  /** Of the lower two signed words. */
  widenLow: onVectors(0xc7),
  allTrue: onVectors(0xc3),
} as const;

export const f64x2 = {
  /** Of the two lower signed integers. */
  fromLow: onVectors(0xfe),
  equal: onVectors(0x47),
  notEqual: onVectors(0x48),
  add: onVectors(0xf0),
  sub: onVectors(0xf1),
  multiply: onVectors(0xf2),
  divide: onVectors(0xf3),
} as const;

/** Repeats while the condition holds; runs at least once. */
export function repeatWhile(condition: Code, ...body: readonly Code[]): Code {
  return [0x03, nothing, body, condition, 0x0d, 0, end];
}

export function when(condition: Code, ...body: readonly Code[]): Code {
  return [condition, 0x04, nothing, body, end];
}

/** Code that `leaveBlock` ends early. */
export function block(...body: readonly Code[]): Code {
  return [0x02, nothing, body, end];
}

/** Leaves the block that is `depth` conditions or blocks further out. */
export function leaveBlock(depth: number): Code {
  return [0x0c, depth];
}

/** One or the other. */
export function choose(condition: Code, yes: Code, no: Code): Code {
  return [condition, 0x04, nothing, yes, 0x05, no, end];
}

/** A function without results; parameters are integers. Names give the locals, which begin as 0. */
export interface KernelFunction {
  readonly parameters: readonly string[];
  readonly integers?: readonly string[];
  readonly longs?: readonly string[];
  readonly doubles?: readonly string[];
  readonly vectors?: readonly string[];
  readonly body: (locals: Locals) => readonly Code[];
}

export interface Locals {
  readonly get: (name: string) => Code;
  readonly set: (name: string, value: Code) => Code;
}

/** All bytes of the parts in their order, put behind `bytes`. */
function putTogether(code: Code, bytes: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === "number") bytes.push(part);
    else putTogether(part, bytes);
  }
  return bytes;
}

/** Behind their number. */
function list(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

/** Behind their length in bytes. */
function measured(code: Code): Code {
  const bytes = putTogether(code);
  return [unsigned(bytes.length), bytes];
}

/** The module's bytes: it imports `env.memory` and exports each function by its name. Throws for a local that is not named, or twice. */
export function assemble(functions: Readonly<Record<string, KernelFunction>>): Uint8Array<ArrayBuffer> {
  const all = Object.entries(functions);
  const section = (id: number, content: Code): Code => [id, measured(content)];
  const text = (value: string): Code => list([...value].map((letter) => [letter.charCodeAt(0)]));
  const sections: Code = [
    section(1, list(all.map(([, { parameters }]) => [0x60, list(parameters.map(() => [typeBytes.integers])), 0]))),
    section(2, list([[text("env"), text("memory"), 0x02, 0, 1]])),
    section(3, list(all.map((_, index) => unsigned(index)))),
    section(7, list(all.map(([name], index) => [text(name), 0x00, unsigned(index)]))),
    section(10, list(all.map(([, one]) => measured(encodeFunction(one))))),
  ];
  return new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...putTogether(sections)]);
}

function encodeFunction({ parameters, body, ...locals }: KernelFunction): Code {
  const named = kinds.map((kind) => ({ kind, names: locals[kind] ?? [] }));
  const names = [...parameters, ...named.flatMap((one) => one.names)];
  const gets = new Map(names.map((name, index): [string, Code] => [name, [0x20, ...unsigned(index)]]));
  const sets = new Map(names.map((name, index): [string, Code] => [name, [0x21, ...unsigned(index)]]));
  if (gets.size < names.length) throw new Error("two locals have the same name");
  const find = (places: ReadonlyMap<string, Code>, name: string): Code => {
    const place = places.get(name);
    if (!place) throw new Error(`no local is called ${name}`);
    return place;
  };
  const code = body({
    get: (name) => find(gets, name),
    set: (name, value) => [value, find(sets, name)],
  });
  const declared = named.map((one) => [unsigned(one.names.length), typeBytes[one.kind]]);
  return [kinds.length, declared, code, end];
}
