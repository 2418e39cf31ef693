// Watches which keys a rule looks at, so that it is not believed about what was misshapen and taken out before it ran.
import { type PathPart, renderKey } from "../document-path.ts";

/**
 * A read-only view of `value` (at `path` of the file) that calls `missed` when a key in `absent` is looked at,
 * also by `in`; `absent` holds keys as `renderKey` writes them.
 */
export function watchReads<T extends object>(
  value: T,
  path: readonly PathPart[],
  absent: ReadonlySet<string>,
  missed: () => void,
): T {
  const look = (key: string | symbol): readonly PathPart[] => {
    const at = [
      ...path,
      Array.isArray(value) && typeof key === "string" && /^\d+$/.test(key) ? Number(key) : String(key),
    ];
    if (absent.has(renderKey(at))) missed();
    return at;
  };
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) {
        look(key);
        return inner;
      }
      const at = look(key);
      return typeof inner === "object" && inner !== null ? watchReads(inner, at, absent, missed) : inner;
    },
    has(target, key) {
      look(key);
      return Reflect.has(target, key);
    },
  });
}
