// The loop over the fields of plain delimited text, in WebAssembly: numbers and times go into arrays, texts are counted.
import {
  block,
  type Code,
  choose,
  i32,
  i64,
  type KernelFunction,
  type Locals,
  leaveBlock,
  repeatWhile,
  when,
} from "../../statistics/assembly.ts";
import { decimalIntegers, decimalLongs, readDecimal } from "./decimal-code.ts";
import { atOnceIntegers, atOnceVectors, readAtOnce } from "./digits-at-once-code.ts";
import { markBad } from "./field-code.ts";
import { endIntegers, endLongs, endVectors, findEnds, prepareEnds } from "./field-ends-code.ts";
import {
  columnBytes,
  columnBytesOf,
  kindNumbers,
  markFlags,
  markShifts,
  numberBytes,
  numberBytesOf,
  runBytes,
  runBytesOf,
  stateBytesOf,
  zeroExponent,
} from "./row-layout.ts";
import { countText, textIntegers, textLongs } from "./text-code.ts";
import { readTime, timeIntegers, timeLongs } from "./time-code.ts";

/** What stands for a missing number, and for a missing time. */
const nanBits = 0x7ff8000000000000n;
const noTime = -(2n ** 63n);

const next = ({ get, set }: Locals, name: string, bytes: number): Code =>
  set(name, i32.add(get(name), i32.constant(bytes)));

/** An empty field, where that is allowed. */
function isNothing({ get }: Locals): Code {
  return i32.and(get("kind"), i32.equal(get("start"), get("fieldEnd")));
}

/** Reads a time, or nothing where that is allowed. */
function readOneTime(locals: Locals): Code {
  const { get, set } = locals;
  const target = i32.add(i32.load(get("column"), columnBytesOf.target), i32.shiftLeft(get("row"), i32.constant(3)));
  return [
    ...choose(isNothing(locals), set("bits", i64.constant(noTime)), [
      ...set("at", get("start")),
      ...readTime(locals),
      ...markBad(locals, i32.notEqual(get("at"), get("fieldEnd"))),
    ]),
    ...i64.store(target, get("bits")),
  ];
}

/** Reads a number as its digits and a mark beside them, or nothing where that is allowed. */
function readNumber(locals: Locals): Code {
  const { get, set } = locals;
  const slowly = [
    ...set("at", get("start")),
    ...readDecimal(locals),
    ...markBad(locals, i32.notEqual(get("at"), get("fieldEnd"))),
    ...i64.store(get("out"), get("mantissa")),
    ...set(
      "mark",
      i32.or(
        i32.add(get("exponent"), i32.constant(markFlags.integer | zeroExponent)),
        i32.shiftLeft(get("isNegative"), i32.constant(markShifts.negative)),
      ),
    ),
  ];
  const nothing = [...i64.store(get("out"), i64.constant(nanBits)), ...set("mark", i32.constant(markFlags.double))];
  return [
    ...readAtOnce(locals),
    ...when(get("isOdd"), choose(isNothing(locals), nothing, slowly)),
    ...i32.store(get("out"), get("mark"), numberBytesOf.mark),
  ];
}

/** Does `read` with each field that is left of a run, and then `after`, until one is not what its column takes. */
function eachField(locals: Locals, read: Code, after: Code): Code {
  const { get, set } = locals;
  return block(
    repeatWhile(
      get("fieldsLeft"),
      set("fieldEnd", i32.load(get("nextEnd"))),
      read,
      markBad(locals, i32.notEqual(i32.loadByte(get("fieldEnd")), get("separator"))),
      when(get("bad"), leaveBlock(2)),
      set("start", i32.add(get("fieldEnd"), i32.constant(1))),
      next(locals, "nextEnd", 4),
      next(locals, "fieldsLeft", -1),
      after,
    ),
  );
}

const kept = ["at", "end", "row", "run", "fieldsLeft", "out", "bad", "nextEnd", "lastEnd", "scanned"] as const;

/**
 * Reads fields until the text or the room for rows ends, or until a field is not what its column takes: the state then stands at that
 * field, of which no number or time was taken. A field ends with its column's separator: where
 * another one ends it, or a quote, a carriage return or NUL, it is none of its column's.
 */
export const rowKernel: KernelFunction = {
  parameters: ["state"],
  integers: [
    ...["at", "end", "row", "run", "fieldsLeft", "out", "bad", "kind", "separator", "column", "start", "fieldEnd"],
    ...["first", "digits", "exponent", "isNegative", "mark"],
    ...endIntegers,
    ...atOnceIntegers,
    ...textIntegers,
    ...decimalIntegers,
    ...timeIntegers,
  ],
  longs: ["bits", "mantissa", ...endLongs, ...textLongs, ...decimalLongs, ...timeLongs],
  vectors: [...endVectors, ...atOnceVectors],
  body: (locals) => {
    const { get, set } = locals;
    const isDone = i32.or(
      i32.isZero(i32.lessUnsigned(get("start"), get("end"))),
      i32.equal(get("row"), i32.load(get("state"), stateBytesOf.mostRows)),
    );
    const isEndBehind = i32.and(
      i32.lessUnsigned(get("nextEnd"), get("lastEnd")),
      i32.lessUnsigned(i32.load(get("nextEnd")), get("start")),
    );
    const ofRun = (name: keyof typeof runBytesOf): Code => i32.load(get("run"), runBytesOf[name]);
    const isFrom = (kind: keyof typeof kindNumbers): Code =>
      i32.greaterUnsigned(get("kind"), i32.constant(kindNumbers[kind] - 1));
    const isLooked = i32.load(get("column"), columnBytesOf.target);
    const readRun = choose(
      isFrom("time"),
      eachField(locals, readOneTime(locals), next(locals, "column", columnBytes)),
      choose(
        isFrom("number"),
        eachField(locals, readNumber(locals), next(locals, "out", numberBytes)),
        choose(
          get("kind"),
          eachField(locals, when(isLooked, countText(locals)), next(locals, "column", columnBytes)),
          eachField(locals, [], []),
        ),
      ),
    );
    const endRuns = i32.load(get("state"), stateBytesOf.endRuns);
    const isTooFew = i32.lessUnsigned(
      i32.sub(get("lastEnd"), get("nextEnd")),
      i32.load(get("state"), stateBytesOf.rowEnds),
    );
    const passed = i32.sub(ofRun("count"), get("fieldsLeft"));
    return [
      ...kept.map((name) => set(name, i32.load(get("state"), stateBytesOf[name]))),
      set("start", get("at")),
      prepareEnds(locals),
      // Fields that somebody else has read.
      when(isEndBehind, repeatWhile(isEndBehind, next(locals, "nextEnd", 4))),
      block(
        repeatWhile(
          i32.constant(1),
          when(
            i32.isZero(get("fieldsLeft")),
            when(
              i32.equal(get("run"), endRuns),
              when(isDone, leaveBlock(4)),
              // A row's fields all at once, so that none has to ask.
              when(isTooFew, findEnds(locals)),
              set("run", i32.load(get("state"), stateBytesOf.runs)),
            ),
            set("fieldsLeft", ofRun("count")),
          ),
          set("kind", ofRun("kind")),
          set("separator", ofRun("separator")),
          set("column", i32.add(ofRun("column"), i32.multiply(passed, i32.constant(columnBytes)))),
          readRun,
          when(get("bad"), leaveBlock(2)),
          next(locals, "run", runBytes),
          when(i32.equal(get("run"), endRuns), next(locals, "row", 1)),
        ),
      ),
      set("at", get("start")),
      ...kept.map((name) => i32.store(get("state"), get(name), stateBytesOf[name])),
    ];
  },
};
