// s3:// sources: signatures as Amazon documents them, objects and patterns from a store that checks them.
import { createHash, createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTable } from "../../src/data/read-table.ts";
import { signRequest } from "../../src/data/s3/sign-request.ts";
import { InputError, ProviderError } from "../../src/errors.ts";
import type { Context } from "../../src/host/context.ts";

describe("signatures", () => {
  it("are those of the examples in Amazon's documentation of Signature Version 4 for S3", () => {
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const credentials = { id: "AKIAIOSFODNN7EXAMPLE", secret, session: null };
    const at = new Date("2013-05-24T00:00:00Z");
    const sign = (address: string) => signRequest(new URL(address), "us-east-1", credentials, at)["authorization"];
    const list = "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J";
    expect(sign(list)).toContain("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  });
});

const objects: Readonly<Record<string, string>> = {
  "logs/day 1+(a).csv": "x,y\n1,a\n2,b\n",
  "logs/day-2.csv": "x,y\n3,ü\n",
  "logs/deeper/day-3.csv": "x,y\n9,z\n",
  "logs/notes.txt": "no data",
  "fake.parquet": "this is not Parquet at all",
};
const account = { id: "AKIATEST", secret: "very/secret+key", session: "token==" };

describe("a store that speaks S3", () => {
  let server: Server;
  let folder = "";
  let context: Context;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
    server = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://store");
      const key = decodeURIComponent(url.pathname.replace(/^\/bucket\//, ""));
      const content = objects[key];
      if (!isSigned(request)) response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
      else if (url.searchParams.get("list-type") === "2") response.end(list(url.searchParams));
      else if (content === undefined) response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
      else response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const environment = {
      AWS_ACCESS_KEY_ID: account.id,
      AWS_SECRET_ACCESS_KEY: account.secret,
      AWS_SESSION_TOKEN: account.session,
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    };
    const signal = new AbortController().signal;
    context = { folder, environment, now: () => new Date(), progress: () => {}, signal };
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("gives an object with any name, and the objects of a pattern over several pages", async () => {
    const one = await readTable("s3://bucket/logs/day 1+(a).csv", {}, context);
    expect([...(one.columns.get("x")?.values ?? [])]).toEqual([1, 2]);
    const some = await readTable("s3://bucket/logs/*.csv", {}, context);
    expect([...(some.columns.get("y")?.values ?? [])]).toEqual(["a", "b", "ü"]);
    expect((await readTable("s3://bucket/**/*.csv", {}, context)).rows).toBe(4);
  });

  it("refuses in words: wrong secret, nothing there, content that is not what its name says", async () => {
    const spoilt = { ...context, environment: { ...context.environment, AWS_SECRET_ACCESS_KEY: "hunter2" } };
    const denied = readTable("s3://bucket/logs/day-2.csv", {}, spoilt);
    await expect(denied).rejects.toThrow(InputError);
    await expect(denied).rejects.toThrow(
      "s3://bucket/logs/day-2.csv cannot be fetched: the server answered 403 SignatureDoesNotMatch",
    );
    await expect(readTable("s3://bucket/none.csv", {}, context)).rejects.toThrow("404 NoSuchKey");
    await expect(readTable("s3://bucket/none*.csv", {}, context)).rejects.toThrow("no object matches this pattern");
    await expect(readTable("s3://bucket/fake.parquet", {}, context)).rejects.toThrow("the content is not Parquet");
    await expect(readTable("s3://bucket", {}, context)).rejects.toThrow(InputError);
  });

  it("that is down is a failure of the network", async () => {
    const environment = { ...context.environment, AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    await expect(readTable("s3://bucket/logs/day-2.csv", {}, { ...context, environment })).rejects.toThrow(
      ProviderError,
    );
  });
});

/** Two keys per page. */
function list(query: URLSearchParams): string {
  const keys = Object.keys(objects).filter((key) => key.startsWith(query.get("prefix") ?? ""));
  const from = Number(query.get("continuation-token") ?? 0);
  const contents = keys
    .slice(from, from + 2)
    .map((key) => `<Contents><Key>${encodeURIComponent(key)}</Key></Contents>`);
  const more = from + 2 < keys.length;
  const next = more ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : "";
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`;
}

/** Signature Version 4 as the store sees it: from the raw request. */
function isSigned(request: IncomingMessage): boolean {
  const { authorization = "" } = request.headers;
  const [, scope = "", names = "", signature] =
    /Credential=AKIATEST\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(authorization) ?? [];
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const lines = names.split(";").map((name) => `${name}:${String(request.headers[name])}\n`);
  const needed = ["host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
  if (needed.join(";") !== names || request.headers["x-amz-security-token"] !== account.session) return false;
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const canonical = `GET\n${path}\n${query.split("&").sort().join("&")}\n${lines.join("")}\n${names}\n${hash("")}`;
  const text = `AWS4-HMAC-SHA256\n${String(request.headers["x-amz-date"])}\n${scope}\n${hash(canonical)}`;
  const key = scope
    .split("/")
    .reduce<Buffer>(
      (last, part) => createHmac("sha256", last).update(part).digest(),
      Buffer.from(`AWS4${account.secret}`),
    );
  return createHmac("sha256", key).update(text).digest("hex") === signature;
}
