// The failure after which one must look before doing anything again.
import { ProviderError } from "../errors.ts";

/** No (whole) answer came, or the host failed: what was asked may or may not have happened. */
export class LostAnswerError extends ProviderError {}
