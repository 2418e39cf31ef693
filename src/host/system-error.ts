// What the operating system refuses, in words for people: a path that is wrong is bad input, a disk that is full is not.
import { InputError, type ModelgateError, ProviderError } from "../errors.ts";

const mistakes: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "is a folder, not a file",
  ENOTDIR: "a part of the path is a file, not a folder",
  EACCES: "may not be read or written by this user",
  EPERM: "may not be changed by this user",
  EROFS: "lies where nothing can be written",
  EEXIST: "exists already",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "the path goes through links in a circle",
  ENOTEMPTY: "the folder is not empty",
};

const shortages: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the disk failed",
  ENOMEM: "there is not enough memory",
};

/**
 * An error of Node's file system or process calls as InputError (the path is wrong) or ProviderError (the machine ran out of
 * something); null for every other error, which is a bug of ours. `EBADF` and the like stay bugs. `path` is what people know
 * the file by, when that is not where the call failed.
 */
export function explainSystemError(error: unknown, path?: string): ModelgateError | null {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return null;
  // `mkdir` says EEXIST when a file stands where a folder above is needed.
  const code = error.syscall === "mkdir" && error.code === "EEXIST" ? "ENOTDIR" : String(error.code);
  const file = path ?? ("path" in error && typeof error.path === "string" ? error.path : undefined);
  const place = file === undefined ? {} : { file };
  if (Object.hasOwn(mistakes, code))
    return new InputError(
      { ...place, message: mistakes[code] ?? code, received: code, hint: "check the paths that were given" },
      { cause: error },
    );
  if (Object.hasOwn(shortages, code))
    return new ProviderError(
      { ...place, message: shortages[code] ?? code, received: code, hint: "make room, then run it again" },
      { cause: error },
    );
  return null;
}
