// Routes in Octokit's notation ("GET /repos/{owner}/{repo}"), which are also the names of the operations in GitHub's description.
import type { Access, Role } from "../state/permissions.ts";
import type { Call, RepositoryCall } from "./call.ts";
import type { Reply } from "./reply.ts";

type Answer = Reply | Promise<Reply>;

export interface RouteOptions {
  /** What an App's or a job's token needs, one of these; absent: nothing (metadata). Written `issues:write`. */
  readonly permissions?: readonly `${string}:${Access}`[];
  /** What a person needs on the repository; default: `read` when the permission is read, else `write`. */
  readonly role?: Role;
  /** `app`: an App's JWT; `anyone`: also without a token; default: a token, or anyone on a public repository's GET. */
  readonly actor?: "app" | "anyone";
  /** The handler reads the body from the request itself. */
  readonly streamed?: boolean;
  /** The Authorization header holds none of GitHub's tokens: the handler judges it itself. */
  readonly ownCredentials?: boolean;
  /** Not part of GitHub's REST API: pages, git, our own routes. Not checked against the description. */
  readonly foreign?: boolean;
}

export interface Route {
  /** `GET /repos/{owner}/{repo}`. */
  readonly name: string;
  readonly method: string;
  readonly pattern: string;
  readonly options: RouteOptions;
  readonly answer: (call: Call) => Answer;
  readonly onRepository: boolean;
}

export interface Router {
  readonly route: (name: string, options: RouteOptions, answer: (call: Call) => Answer) => void;
  /** Below `/repos/{owner}/{repo}`: the repository is looked up and the rights are checked before the handler runs. */
  readonly repositoryRoute: (name: string, options: RouteOptions, answer: (call: RepositoryCall) => Answer) => void;
  readonly match: (method: string, path: string) => { route: Route; params: Record<string, string> } | undefined;
  /** Whether any method would match: 404 against 405 is decided by it in the caller. */
  readonly routes: () => readonly Route[];
}

/** These parts of a path may hold slashes. */
const greedy = new Set(["path", "ref", "basehead", "branch", "tag", "environment_name", "name"]);

interface Compiled {
  readonly route: Route;
  readonly expression: RegExp;
  readonly names: readonly string[];
  readonly literals: number;
  readonly greedy: boolean;
}

export function createRouter(): Router {
  const byMethod = new Map<string, Compiled[]>();
  const all: Route[] = [];

  function add(route: Route): void {
    if (all.some((known) => known.name === route.name)) throw new Error(`route twice: ${route.name}`);
    all.push(route);
    const list = byMethod.get(route.method) ?? [];
    list.push(compile(route));
    list.sort((a, b) => Number(a.greedy) - Number(b.greedy) || b.literals - a.literals);
    byMethod.set(route.method, list);
  }
  function split(name: string): { method: string; pattern: string } {
    const space = name.indexOf(" ");
    return { method: name.slice(0, space), pattern: name.slice(space + 1) };
  }
  return {
    route: (name, options, answer) => add({ name, ...split(name), options, answer, onRepository: false }),
    repositoryRoute: (name, options, answer) =>
      add({
        name,
        ...split(name),
        options,
        answer: (call) => answer(call as RepositoryCall),
        onRepository: true,
      }),
    match: (method, path) => {
      for (const candidate of byMethod.get(method === "HEAD" ? "GET" : method) ?? []) {
        const found = candidate.expression.exec(path);
        if (found === null) continue;
        const params: Record<string, string> = {};
        candidate.names.forEach((name, index) => {
          params[name] = decode(found[index + 1] ?? "");
        });
        return { route: candidate.route, params };
      }
      return undefined;
    },
    routes: () => all,
  };
}

function compile(route: Route): Compiled {
  const names: string[] = [];
  let literals = 0;
  let hasGreedy = false;
  const source = route.pattern
    .split("/")
    .map((segment, index, segments) => {
      const whole = /^\{([a-z_]+)\}$/.exec(segment);
      if (whole === null) {
        if (segment !== "") literals += 1;
        return segment.replace(/\{([a-z_]+)\}|[.*+?^$()|[\]\\]/g, (text, name: string | undefined) => {
          if (name === undefined) return `\\${text}`;
          names.push(name);
          return "([^/]+)";
        });
      }
      const name = whole[1] ?? "";
      names.push(name);
      const takesRest = greedy.has(name) && (index === segments.length - 1 || name === "branch" || name === "ref");
      if (takesRest) hasGreedy = true;
      return takesRest ? (name === "path" ? "(.*)" : "(.+)") : "([^/]+)";
    })
    .join("/")
    .replace(/\/\(\.\*\)$/, "(?:/(.*))?");
  return { route, expression: new RegExp(`^${source}/?$`), names, literals, greedy: hasGreedy };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
