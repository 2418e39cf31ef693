// A model of several gigabytes up and down, by the command as a process, beside curl with the same bytes and the same server.
import { spawn } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

type Print = (line: string) => void;

const gibibytes = Number(process.env["BENCH_GIB"] ?? 3);
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 5);
/** Those of the product. */
const partBytes = 1_000_000_000;

interface Ran {
  readonly seconds: number;
  /** The kernel's high-water mark of resident memory. */
  readonly peakBytes: number;
  /** Of the processor, until shortly before the end. */
  readonly cpuSeconds: number;
  readonly status: number | null;
  readonly text: string;
}

/** Prints throughput and memory; lines that begin with `!` say that a promise is not kept. */
export async function benchLargeModel(print: Print): Promise<void> {
  const folder = mkdtempSync(join(process.env["BENCH_FOLDER"] ?? tmpdir(), "modelgate-large-"));
  const server = await startServer(join(folder, "github"));
  try {
    const bytes = Math.round(gibibytes * 2 ** 30);
    const file = join(folder, "model.onnx");
    await writeNoise(file, bytes);
    const parts = await splitFile(folder, file);
    print(`${bytes} bytes in ${parts.length} parts`);
    const bench = { folder, file, parts, bytes, server };
    const idle = await runCommand(bench, ["publish", "small", "--file", await writeSmall(folder)]);
    print(`publishing a few bytes: ${(idle.peakBytes / 2 ** 20).toFixed(0)} MiB at most`);
    const ratios: Ratios[] = [];
    for (let round = 1; round <= rounds; round += 1) ratios.push(await benchRound(print, bench, idle, round));
    const medianOf = (way: keyof Ratios) => findMedian(ratios.map((each) => each[way]));
    const [up, down] = [medianOf("up"), medianOf("down")];
    const told = `medians of ${rounds} rounds`;
    print(`${up >= 0.9 ? "" : "! "}up: ${up.toFixed(2)} × the plain upload (≥ 0.9), ${told}`);
    print(
      `${down >= 0.9 ? "" : "! "}down: ${down.toFixed(2)} × the plain upload (≥ 0.9), ${medianOf("downBesideDown").toFixed(2)} × the plain download, ${told}`,
    );
    await benchResume(print, bench);
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly folder: string;
  readonly file: string;
  readonly parts: readonly string[];
  readonly bytes: number;
  readonly server: Server;
}

/** Throughput beside curl's, by round: disks and memory of one machine give several times as much or as little from one to the next. */
interface Ratios {
  readonly up: number;
  /** Beside curl's upload: no slower to get than to send. */
  readonly down: number;
  readonly downBesideDown: number;
}

function findMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

async function benchRound(print: Print, bench: Bench, idle: Ran, round: number): Promise<Ratios> {
  const { bytes, file, folder } = bench;
  const model = `large-${round}`;
  // Each transfer's files go as soon as nothing needs them: a machine whose memory is full of them measures its disk.
  const curlUp = await uploadWithCurl(bench, "plain-before");
  await removeReleases(bench, ["plain-before"]);
  const up = await runCommand(bench, ["publish", model, "--file", file]);
  const curlUpAgain = await uploadWithCurl(bench, `plain-${round}`);
  const upRatio = compare(print, `round ${round}: up`, bytes, up, (curlUp + curlUpAgain) / 2, idle);
  const out = join(folder, `out-${round}`);
  // The plain transfer before and after: what the machine does beside this weighs on both alike.
  const curlDown = await downloadWithCurl(bench, `plain-${round}`);
  const down = await runCommand(bench, ["registry", "download", `${model}@1.0.0`, "--out", out]);
  const same = await run("cmp", [file, join(out, "model.onnx")], {});
  rmSync(out, { recursive: true, force: true });
  const curlDownAgain = await downloadWithCurl(bench, `plain-${round}`);
  const downRatio = compare(
    print,
    `round ${round}: down${same.status === 0 ? ", byte-equal" : ", NOT byte-equal"}`,
    bytes,
    down,
    (curlDown + curlDownAgain) / 2,
    idle,
  );
  await removeReleases(bench, [`plain-${round}`, `${model}@1.0.0`]);
  const plainUp = (curlUp + curlUpAgain) / 2;
  return { up: upRatio, down: plainUp / down.seconds, downBesideDown: downRatio };
}

function compare(print: Print, title: string, bytes: number, ours: Ran, curlSeconds: number, idle: Ran): number {
  const ratio = curlSeconds / ours.seconds;
  const above = (ours.peakBytes - idle.peakBytes) / 2 ** 20;
  const kept = ours.status === 0 && above <= 64 && !title.includes("NOT");
  const cpu = `${(ours.cpuSeconds / (bytes / 1e9)).toFixed(1)} s of processor a GB`;
  const speed = (seconds: number) => `${(bytes / seconds / 1e6).toFixed(0)} MB/s`;
  print(
    `${kept ? "" : "! "}${title}: ${speed(ours.seconds)}, curl ${speed(curlSeconds)}, ratio ${ratio.toFixed(2)}; ${cpu}; ${above.toFixed(0)} MiB above idle (≤ 64)${ours.status === 0 ? "" : ` exit ${ours.status}: ${ours.text}`}`,
  );
  return ratio;
}

/** The publish and the download are killed half way and run again. */
async function benchResume(print: Print, bench: Bench): Promise<void> {
  const { file, folder, server, bytes } = bench;
  const uploads = async () =>
    (await server.requests()).filter(
      ({ route, status }) =>
        route?.endsWith("releases/{release_id}/assets") && route.startsWith("POST") && status === 201,
    ).length;
  const words = ["publish", "resumed", "--file", file];
  const before = await uploads();
  const isNamed = async () => {
    const releases = (await server.call("GET", `/repos/${server.owner}/rain/releases`)) as readonly ReleaseFacts[];
    return releases.some(({ tag_name: tag }) => tag === "resumed@1.0.0");
  };
  // Before that its version is not known, and the next run begins anew: it has lost some seconds.
  await runCommand(bench, words, async () => (await uploads()) > before && (await isNamed()));
  const kept = (await uploads()) - before;
  const again = await runCommand(bench, words);
  const sent = (await uploads()) - before - kept - 1;
  const whole = again.status === 0 && sent + kept === bench.parts.length;
  print(
    `${whole ? "" : "! "}publish killed and run again: ${kept} of ${bench.parts.length} parts were kept, ${sent} sent by the second run`,
  );
  const out = join(folder, "resumed");
  await runCommand(
    bench,
    ["registry", "download", "resumed@1.0.0", "--out", out],
    async () => sizeOf(join(out, "model.onnx.partial")) > bytes / 2,
  );
  const had = sizeOf(join(out, "model.onnx.partial"));
  const rest = await runCommand(bench, ["registry", "download", "resumed@1.0.0", "--out", out]);
  const same = await run("cmp", [file, join(out, "model.onnx")], {});
  const told = /going on with \S+ at (\d+)/.exec(rest.text)?.[1];
  print(
    `${same.status === 0 && Number(told) === had ? "" : "! "}download killed and run again: went on at ${told ?? "0"} of ${bytes} bytes, ${same.status === 0 ? "byte-equal" : "NOT byte-equal"}`,
  );
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function uploadWithCurl({ server, parts }: Bench, tag: string): Promise<number> {
  const release = (await server.call("POST", `/repos/${server.owner}/rain/releases`, {
    tag_name: tag,
    draft: false,
  })) as { readonly upload_url: string };
  const url = release.upload_url.replace(/\{.*\}$/, "");
  const started = performance.now();
  for (const [index, part] of parts.entries()) {
    const words = [
      "-sS",
      "-f",
      "-X",
      "POST",
      "-T",
      part,
      "-H",
      `authorization: Bearer ${server.token}`,
      "-H",
      "content-type: application/octet-stream",
      "-o",
      "/dev/null",
      `${url}?name=part-${index}`,
    ];
    const { status, text } = await run("curl", words, {});
    if (status !== 0) throw new Error(`curl: ${text}`);
  }
  return (performance.now() - started) / 1000;
}

/** Every part into a file of its own, as whoever wants the model has to: memory that a file gave back is quicker to fill again. */
async function downloadWithCurl({ server, parts, folder }: Bench, tag: string): Promise<number> {
  const outs = [...parts.keys()].map((index) => join(folder, `curl-part-${index}`));
  const started = performance.now();
  for (const [index, out] of outs.entries()) {
    const url = `${server.url}/${server.owner}/rain/releases/download/${tag}/part-${index}`;
    const { status, text } = await run(
      "curl",
      ["-sS", "-f", "-L", "-H", `authorization: Bearer ${server.token}`, "-o", out, url],
      {},
    );
    if (status !== 0) throw new Error(`curl: ${text}`);
  }
  const seconds = (performance.now() - started) / 1000;
  for (const out of outs) rmSync(out);
  return seconds;
}

async function removeReleases({ server }: Bench, tags: readonly string[]): Promise<void> {
  for (const tag of tags) {
    const path = `/repos/${server.owner}/rain/releases`;
    const { id } = (await server.call("GET", `${path}/tags/${encodeURIComponent(tag)}`)) as { readonly id: number };
    await server.call("DELETE", `${path}/${id}`);
  }
}

/** The command as its users run it; killed without a warning as soon as `until` says so. */
async function runCommand(
  { server, folder }: Bench,
  words: readonly string[],
  until?: () => Promise<boolean>,
): Promise<Ran> {
  const command = [join(import.meta.dirname, "cli.mjs"), ...words, "--repo", `${server.owner}/rain`];
  const environment = { GITHUB_API_URL: server.url, GITHUB_TOKEN: server.token, HOME: folder };
  return await run(process.execPath, command, environment, until);
}

async function run(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  until?: () => Promise<boolean>,
): Promise<Ran> {
  const started = performance.now();
  const child = spawn(program, words, {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => (text = `${text}${piece}`.slice(-4000)));
  let [peakBytes, cpuSeconds, ended] = [0, 0, false];
  const status = new Promise<number | null>((resolve) => child.on("close", resolve)).finally(() => (ended = true));
  while (!ended) {
    peakBytes = Math.max(peakBytes, readHighWater(child.pid));
    cpuSeconds = Math.max(cpuSeconds, readCpuSeconds(child.pid));
    if (until !== undefined && (await until())) child.kill("SIGKILL");
    await Promise.race([status, sleep(until === undefined ? 50 : 5)]);
  }
  return { seconds: (performance.now() - started) / 1000, peakBytes, cpuSeconds, status: await status, text };
}

/** User and system time, in the kernel's hundredths. */
function readCpuSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

function readHighWater(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Bytes that no file system and no server can make smaller; the same every time. */
async function writeNoise(path: string, bytes: number): Promise<void> {
  async function* read(): AsyncGenerator<Buffer> {
    const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
    const zeros = Buffer.alloc(2 ** 20);
    for (let left = bytes; left > 0; left -= zeros.length)
      yield cipher.update(zeros.subarray(0, Math.min(left, zeros.length)));
  }
  await pipeline(read(), createWriteStream(path));
}

async function writeSmall(folder: string): Promise<string> {
  const path = join(folder, "small.onnx");
  await writeNoise(path, 1000);
  return path;
}

async function splitFile(folder: string, file: string): Promise<readonly string[]> {
  const { status, text } = await run("split", ["-b", String(partBytes), "-d", file, join(folder, "part-")], {});
  if (status !== 0) throw new Error(`split: ${text}`);
  return readdirSync(folder)
    .filter((name) => name.startsWith("part-"))
    .sort()
    .map((name) => join(folder, name));
}

interface ReleaseFacts {
  readonly tag_name: string;
}

interface Server {
  readonly url: string;
  readonly token: string;
  readonly owner: string;
  readonly call: (method: string, path: string, body?: unknown) => Promise<unknown>;
  readonly requests: () => Promise<readonly { readonly route: string | null; readonly status: number }[]>;
  readonly stop: () => void;
}

async function startServer(data: string): Promise<Server> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "local-github.mjs"), "--port", "0", "--data", data],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (piece: Buffer) => resolve(piece.toString()));
    child.once("exit", () => reject(new Error("the local GitHub does not start")));
  });
  const { url, token, owner } = JSON.parse(line) as Server;
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  await call("POST", "/user/repos", { name: "rain", auto_init: true });
  const requests = async () => (await call("GET", "/_local/requests")) as Awaited<ReturnType<Server["requests"]>>;
  return { url, token, owner, call, requests, stop: () => void child.kill() };
}
