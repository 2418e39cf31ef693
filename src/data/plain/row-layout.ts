// What lies where in the memory of the loop over fields.

/** Where the loop stands, in bytes from its state: between calls, and where it met what it does not take. */
export const stateBytesOf = {
  /** The next byte, and the end of the last whole line. */
  at: 0,
  end: 4,
  row: 8,
  mostRows: 12,
  /** Address of the run it is in, or behind the last one between two rows, and fields that are left of the run. */
  run: 16,
  fieldsLeft: 20,
  /** Where the next number goes. */
  out: 24,
  /** 0 when it came to the end of the text or of the rows. */
  bad: 28,
  /** Where the next new text is kept, and where there is no more room. */
  freeText: 32,
  endTexts: 36,
  /** Ends of fields that were found and not used, and where to look for more. */
  nextEnd: 40,
  lastEnd: 44,
  scanned: 48,
  /** Where ends of fields are kept, and where there is no more room for the next 64. */
  ends: 52,
  endsLimit: 56,
  /** Address of the first run, and behind the last one. */
  runs: 60,
  endRuns: 64,
  /** Columns, in bytes of their ends. */
  rowEnds: 68,
  /** Different texts that are counted in a column. */
  mostTexts: 72,
} as const;
export const stateBytes = 128;

/** Columns beside each other of one kind, in bytes from the address of their run. */
export const runBytesOf = {
  kind: 0,
  /** How many there are. */
  count: 4,
  /** The byte that ends their fields. */
  separator: 8,
  /** Address of the first of them. */
  column: 12,
} as const;
export const runBytes = 16;

/** A column of texts or times, in bytes from its address. */
export const columnBytesOf = {
  /** Address of its times, or of its table of texts; 0 when they are not looked at any more. */
  target: 0,
  /** Different texts. */
  used: 4,
} as const;
export const columnBytes = 16;

export const kindNumbers = {
  skipped: 0,
  text: 1,
  number: 2,
  /** Odd ones from here on may be empty. */
  numberOrNothing: 3,
  time: 4,
  timeOrNothing: 5,
} as const;

/** What fields of a column are: numbers, times, texts, or not looked at; a number or time may be an empty field where that means missing. */
export type FieldKind = keyof typeof kindNumbers;

/** A slot of a table of texts, in bytes. Its key is the text's first eight bytes; an address of 0 marks a free one. */
export const textSlotBytesOf = { key: 0, text: 8, length: 12, count: 16 } as const;
export const textSlotBytes = 32;
export const textSlotBits = 14;

/** What `bad` says. */
export const badReasons = { field: 1, manyTexts: 2 } as const;

/** Numbers are read row by row: two words of eight digits each, and a mark. */
export const numberBytesOf = { words: 0, mark: 8 } as const;
export const numberBytes = 16;

/** What a mark says: how many digits are behind the point, how many behind the sixteen of the words, and those; and the sign. */
export const markShifts = { tailDigits: 5, decimals: 7, tail: 12, negative: 31 } as const;

/** Other numbers: an integer of 64 bits with its power of ten, of which `zeroExponent` is 0, in the mark's first byte; or a double already. */
export const markFlags = { integer: 1 << 22, double: 1 << 23 } as const;
export const zeroExponent = 64;
