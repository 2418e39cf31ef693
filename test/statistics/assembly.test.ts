import { expect, test } from "vitest";
import { assemble, choose, f64, i8x16, i32, i64, repeatWhile, v128, when } from "../../src/statistics/assembly.ts";

function link(module: Uint8Array<ArrayBuffer>) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } });
  return {
    bytes: new Uint8Array(memory.buffer),
    functions: exports as Record<string, (...addresses: number[]) => void>,
  };
}

test("a module works on sixteen bytes at a time, in the memory it is given", () => {
  const { bytes, functions } = link(
    assemble({
      /** Sum of the vectors from `at` to `end`, written to `end`. */
      sum: {
        parameters: ["at", "end"],
        integers: [],
        vectors: ["sum"],
        body: ({ get, set }) => [
          repeatWhile(
            i32.lessUnsigned(get("at"), get("end")),
            set("sum", i8x16.add(get("sum"), v128.load(get("at")))),
            set("at", i32.add(get("at"), i32.constant(16))),
          ),
          v128.store(get("end"), get("sum")),
        ],
      },
    }),
  );
  for (let at = 0; at < 1600; at += 1) bytes[at] = at % 16;
  functions["sum"]!(0, 1600);
  expect(Array.from(bytes.slice(1600, 1616))).toEqual(Array.from({ length: 16 }, (_, lane) => (100 * lane) % 256));
});

test("constants of any size", () => {
  for (const wanted of [0, 63, 64, -64, -65, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)]) {
    const { bytes, functions } = link(
      assemble({
        compare: {
          parameters: ["out", "given"],
          integers: [],
          vectors: [],
          body: ({ get }) => [
            v128.store(get("out"), i8x16.splat(i32.isZero(i32.sub(i32.constant(wanted), get("given"))))),
          ],
        },
      }),
    );
    functions["compare"]!(0, wanted);
    expect(bytes[0], `${wanted}`).toBe(1);
    functions["compare"]!(0, wanted ^ 1);
    expect(bytes[0], `${wanted}`).toBe(0);
  }
});

test("long integers, doubles, bytes, and choices", () => {
  const wanted = [0n, 63n, -64n, 64n, -65n, 2n ** 63n - 1n, -(2n ** 63n), 0x7ff0000000000000n];
  for (const constant of wanted) {
    const { bytes, functions } = link(
      assemble({
        /** At 8: whether what lies at 0 is `constant`; at 16: the double there and a half; at 24: the higher word. */
        look: {
          parameters: ["at"],
          longs: ["found"],
          doubles: ["half"],
          body: ({ get, set }) => [
            set("found", i64.load(get("at"))),
            set("half", f64.constant(0.5)),
            choose(
              i64.equal(get("found"), i64.constant(constant)),
              i32.storeByte(get("at"), i32.constant(7), 8),
              i32.storeByte(get("at"), i32.constant(3), 8),
            ),
            f64.store(get("at"), f64.add(f64.load(get("at")), get("half")), 16),
            i64.store(get("at"), i64.shiftRight(get("found"), i64.constant(32n)), 24),
            when(i64.isZero(get("found")), i32.store(get("at"), i32.leadingZeros(i32.constant(1)), 32)),
          ],
        },
      }),
    );
    const view = new DataView(bytes.buffer);
    for (const given of wanted) {
      view.setBigInt64(0, given, true);
      view.setInt32(32, 0);
      functions["look"]!(0);
      expect(view.getUint8(8)).toBe(given === constant ? 7 : 3);
      expect(view.getFloat64(16, true)).toBe(view.getFloat64(0, true) + 0.5);
      expect(view.getBigInt64(24, true)).toBe(given >> 32n);
      expect(view.getInt32(32, true)).toBe(given === 0n ? 31 : 0);
    }
  }
});

test("no local that has no name", () => {
  const nameless = { parameters: [], integers: [], vectors: [] };
  expect(() => assemble({ read: { ...nameless, body: ({ get }) => [get("other")] } })).toThrow(
    "no local is called other",
  );
});
