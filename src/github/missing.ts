// Requests whose "not there" is an answer and no failure.
import { readStatus } from "./failure.ts";

/** The result of `request`, or null when GitHub says 404 (also what it says of things the token may not see). */
export async function orNullIfMissing<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (readStatus(error) === 404) return null;
    throw error;
  }
}
