// DuckDB's errors as ours: which file, which line, what was expected, what stands there.
import { InputError, ModelgateError, type Problem, ProviderError } from "../errors.ts";
import type { SourceFiles } from "./source-files.ts";

/** The second is what the engine says of a line that spans more than its buffers. */
const lineTooLong = /Maximum line size|does not support a full read on this file/i;

/** True when a value did not fit the type guessed for its column: the caller looks at every row and tries again. */
export function isConversionError(error: unknown): boolean {
  return error instanceof Error && /^Conversion Error|modelgate: type guess/.test(error.message);
}

/** True when a line of a delimited file is longer than the reader was given room for. */
export function isLineTooLong(error: unknown): boolean {
  return error instanceof Error && lineTooLong.test(error.message);
}

/** True when the engine itself failed (memory, disk, a defect of its own). */
export function isEngineFailure(error: unknown): boolean {
  return error instanceof Error && /^(Out of Memory|Internal|Fatal) Error/i.test(error.message);
}

/**
 * Turns an error of the engine into InputError with file and line where DuckDB knows them, or ProviderError when the
 * engine itself failed (memory, disk). Our own errors and interrupts pass through.
 */
export function explainEngineError(error: unknown, found: SourceFiles, signal: AbortSignal): unknown {
  if (error instanceof ModelgateError || !(error instanceof Error)) return error;
  if (signal.aborted) return signal.reason;
  const message = error.message;
  if (isEngineFailure(error)) {
    return new ProviderError({ message: `the query engine failed: ${firstLine(message)}` }, { cause: error });
  }
  if (isLineTooLong(error)) {
    const shown = findFile(message, found);
    const line = Number(/Line: (\d+)/.exec(message)?.[1] ?? Number.NaN);
    return new InputError(
      {
        message: `${shown} has a line that is too long`,
        file: shown,
        ...(line > 0 ? { line } : {}),
        expected: "at most 16 MiB",
        hint: "a quote that is never closed makes one line of many",
      },
      { cause: error },
    );
  }
  if (
    !/^(Invalid Input|Conversion|IO|Parser|Binder|TransactionContext|Serialization|Invalid|HTTP) ?(Input )?Error|^INTERRUPT/i.test(
      message,
    )
  ) {
    return error;
  }
  return new InputError(describe(message, found), { cause: error });
}

function describe(message: string, found: SourceFiles): Problem {
  const shown = findFile(message, found);
  const csv = /CSV Error on Line: (\d+)/.exec(message);
  if (csv) return describeCsv(message, shown, Number(csv[1]));
  if (/Malformed JSON|JSON transform error/.test(message)) return describeJson(message, shown);
  if (/non-record JSON/.test(message)) {
    return {
      message: `${shown} holds no rows`,
      file: shown,
      expected: "a list of JSON objects, or one object per line",
    };
  }
  if (/TProtocolException/.test(message)) {
    return {
      message: `${shown}: the Parquet file is damaged inside: ${firstLine(message)}`,
      file: shown,
      hint: "the download or the program that wrote it went wrong: fetch or write it again",
    };
  }
  return { message: `${shown} cannot be read: ${firstLine(message)}`, file: shown };
}

function describeCsv(message: string, shown: string, line: number): Problem {
  const row = /Original Line: (.*)/.exec(message)?.[1] ?? "";
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  const received = row.length > 200 ? `${row.slice(0, 200)}…` : row;
  if (counts) {
    return {
      // The engine stops counting at the first cell too many.
      message: `${shown}, line ${line}: the row has ${counts[2]} cells${Number(counts[2]) > Number(counts[1]) ? " or more" : ""}, the header has ${counts[1]}`,
      file: shown,
      line,
      expected: `${counts[1]} cells`,
      received,
      hint: 'a cell that contains the delimiter, a quote or a line break is put in double quotes ("")',
    };
  }
  if (/unicode|utf-8/i.test(message)) {
    return { message: `${shown}, line ${line}: not UTF-8`, file: shown, line, expected: "UTF-8", received };
  }
  const reason = message.split("\n").find((part) => /quote|Error when|Maximum line/i.test(part)) ?? "the row is broken";
  return { message: `${shown}, line ${line}: ${reason.trim()}`, file: shown, line, received };
}

/** DuckDB names the line after the broken one. */
function describeJson(message: string, shown: string): Problem {
  const line = Number(/in line (\d+)/.exec(message)?.[1] ?? Number.NaN) - 1;
  const row = Number(/in record\/value (\d+)/.exec(message)?.[1] ?? Number.NaN) - 1;
  const reason = /: ([^:]*?)\.?\s*$/.exec(firstLine(message))?.[1] ?? "malformed";
  const where = line > 0 ? ` in line ${line}` : row > 0 ? ` in row ${row}` : "";
  return {
    message: `${shown}: the JSON is broken${where}: ${reason}`,
    file: shown,
    ...(line > 0 ? { line } : {}),
    expected: "one JSON object per row",
    ...(/byte order mark/.test(reason) ? { hint: "save it as UTF-8 without a byte order mark" } : {}),
  };
}

function findFile(message: string, found: SourceFiles): string {
  return found.files.find((file) => message.includes(file.path))?.shown ?? found.files[0].shown;
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}
