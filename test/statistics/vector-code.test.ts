import { expect, test } from "vitest";
import { assemble, i8x16, i32, repeatWhile, v128 } from "../../src/statistics/vector-code.ts";

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

test("no local that has no name", () => {
  const nameless = { parameters: [], integers: [], vectors: [] };
  expect(() => assemble({ read: { ...nameless, body: ({ get }) => [get("other")] } })).toThrow(
    "no local is called other",
  );
});
