// Files from GitHub come by way of another host: the token stays behind, and an answer that is cut off is no file.
import { createServer, type RequestListener, type Server } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { fetchFile } from "../../src/github/stream-download.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

async function collect({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

const headers = { authorization: "token secret", range: "bytes=2-", accept: "application/octet-stream" };

it("follows to another host without the token, and with everything else", async () => {
  const seen: (string | undefined)[] = [];
  const storage = await serve((request, response) => {
    seen.push(request.headers.authorization, request.headers.range);
    response.writeHead(206, { "content-type": "application/octet-stream" }).end("rest");
  });
  const github = await serve((request, response) => {
    seen.push(request.headers.authorization);
    const target = request.url === "/asset" ? "/moved" : `${storage}/blob?signed=1`;
    response.writeHead(302, { location: target }).end();
  });
  const answer = await fetchFile(`${github}/asset`, { headers });
  expect([answer.status, answer.url, await collect(answer)]).toEqual([206, `${storage}/blob?signed=1`, "rest"]);
  expect(seen).toEqual(["token secret", "token secret", undefined, "bytes=2-"]);
});

it("reads a refusal, gives up on a circle, and fails where the answer is cut off", async () => {
  const at = await serve((request, response) => {
    if (request.url === "/no") response.writeHead(404, { "content-type": "application/json" }).end('{"message":"no"}');
    else if (request.url === "/circle") response.writeHead(302, { location: "/circle" }).end();
    else {
      response.writeHead(200, { "content-length": "10" });
      response.write("half", () => response.destroy());
    }
  });
  const refused = await fetchFile(`${at}/no`, {});
  expect([refused.status, await refused.json()]).toEqual([404, { message: "no" }]);
  await expect(fetchFile(`${at}/circle`, {})).rejects.toThrow("the download broke off");
  await expect(fetchFile(`${at}/cut`, {}).then(collect)).rejects.toThrow();
  await expect(fetchFile("http://127.0.0.1:1/", {})).rejects.toThrow(TypeError);
});
