// The tables that the loops over fields look things up in: the same for all files but for the delimiter, behind the state.
import { stateBytes, zeroExponent } from "./row-layout.ts";

const vectorBytes = 16;

/** Exponents of ten for which there is a power in the table, both signs; far from where doubles end. */
export const mostExponent = zeroExponent;
export const powerBytes = 16;

/** Bytes of an entry of the scales: a power of ten, its upper half, and 10 to how many digits are behind the words. */
export const scaleBytesOf = { power: 0, upper: 8, tail: 16 } as const;
const scaleBytes = 32;
/** As many as a mark has numbers of decimals and of digits behind the words. */
const scaleCount = 128;
/** The bits of a mark that are an entry's place. */
export const scaleMask = (scaleCount - 1) * scaleBytes;

/** A double times this, and back, leaves the upper half of its digits (Dekker 1971). */
const splitter = 2 ** 27 + 1;
const tensCount = 8;

/** Constants of reading digits, in bytes from the first. From the window, which is two, sixteen bytes are read at any place: the last n are 255 from byte n on. */
export const atOnceAt = {
  window: 0,
  points: 32,
  zeros: 48,
  aboveNine: 64,
  tens: 80,
  pairs: 96,
  hundreds: 112,
  tenThousands: 128,
} as const;
const atOnceBytes = 144;

/** Constants of dividing, each twice. */
export const convertAt = { splitter: 0, words: 16, slack: 32, sign: 48 } as const;
const convertBytes = 64;

/** Where tables lie, in bytes from the state. */
export const tablesAt = placeTables();
export const tablesBytes = tablesAt.end;

function placeTables() {
  const powers = stateBytes;
  const scales = powers + (2 * mostExponent + 1) * powerBytes;
  const tens = scales + scaleCount * scaleBytes;
  const atOnce = tens + 8 * tensCount;
  const convert = atOnce + atOnceBytes;
  const endings = convert + convertBytes;
  return { powers, scales, tens, atOnce, convert, endings, end: endings + vectorBytes } as const;
}

/** Writes all tables behind the state, for fields that end with the delimiter or a line. */
export function writeTables(bytes: Uint8Array, state: number, delimiter: string): void {
  const put = (table: BigUint64Array | Float64Array | Uint8Array, place: number): void =>
    bytes.set(new Uint8Array(table.buffer), state + place);
  put(listPowers(), tablesAt.powers);
  put(listScales(), tablesAt.scales);
  put(
    BigUint64Array.from({ length: tensCount }, (_, exponent) => 10n ** BigInt(exponent)),
    tablesAt.tens,
  );
  put(listAtOnce(), tablesAt.atOnce);
  // Far more than the error of what is added to a quotient, and far less than what it is rounded by.
  const slack = 2 ** -98;
  put(Float64Array.of(splitter, splitter, 1e8, 1e8, slack, slack, -0, -0), tablesAt.convert);
  put(listEndings([delimiter, "\n", "\r", '"', "\0"]), tablesAt.endings);
}

/** The first 128 bits of 5 to each exponent, upper half first; of negative exponents rounded up. */
export function listPowers(): BigUint64Array {
  const table = new BigUint64Array(((2 * mostExponent + 1) * powerBytes) / 8);
  for (let exponent = -mostExponent; exponent <= mostExponent; exponent++) {
    const bits = exponent < 0 ? divideInto128(5n ** BigInt(-exponent)) : cutTo128(5n ** BigInt(exponent));
    table.set([bits >> 64n, bits & 0xffffffffffffffffn], 2 * (exponent + mostExponent));
  }
  return table;
}

function cutTo128(value: bigint): bigint {
  const length = BigInt(value.toString(2).length);
  return length > 128n ? value >> (length - 128n) : value << (128n - length);
}

function divideInto128(divisor: bigint): bigint {
  const length = BigInt(divisor.toString(2).length);
  return cutTo128((1n << (2n * length + 128n)) / divisor) + 1n;
}

function listScales(): Float64Array {
  const table = new Float64Array((scaleCount * scaleBytes) / 8);
  for (let entry = 0; entry < scaleCount; entry++) {
    const power = 10 ** (entry >> 2);
    const product = power * splitter;
    table.set([power, product - (product - power), 10 ** (entry & 3)], (entry * scaleBytes) / 8);
  }
  return table;
}

function listAtOnce(): Uint8Array {
  const table = new Uint8Array(atOnceBytes);
  const fill = (place: number, ...bytes: readonly number[]): void => {
    for (let i = 0; i < vectorBytes; i++) table[place + i] = bytes[i % bytes.length] as number;
  };
  fill(atOnceAt.window + vectorBytes, 255);
  fill(atOnceAt.points, ".".charCodeAt(0));
  fill(atOnceAt.zeros, "0".charCodeAt(0));
  fill(atOnceAt.aboveNine, 255 - 9 - 128);
  fill(atOnceAt.tens, 10, 0);
  fill(atOnceAt.pairs, 255, 0);
  fill(atOnceAt.hundreds, 100, 0, 1, 0);
  fill(atOnceAt.tenThousands, 10_000 & 255, 10_000 >> 8, 1, 0);
  return table;
}

/**
 * Bytes that end a field or are not taken, each at the place of its lower half; no two have the same. Elsewhere what has another lower half.
 */
function listEndings(endings: readonly string[]): Uint8Array {
  const table = new Uint8Array(vectorBytes).fill(0xff);
  table[15] = 0;
  for (const code of endings.map((character) => character.charCodeAt(0))) table[code & 15] = code;
  return table;
}
