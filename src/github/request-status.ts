// What GitHub answered, whichever client threw: our own (ProviderError with the cause inside) or Probot's.

/** HTTP status of a failed request, or null when it was something else (network, bug). */
export function findStatus(error: unknown): number | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const status = (at as { readonly status?: unknown }).status;
    if (typeof status === "number") return status;
  }
  return null;
}

/** The result of `request`, or null when GitHub says 404 (also what it says of things the token may not see). */
export async function orNullIfMissing<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (findStatus(error) === 404) return null;
    throw error;
  }
}
