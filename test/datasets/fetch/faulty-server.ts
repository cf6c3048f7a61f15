import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface ServedFile {
  bytes: Buffer;
  /** Default: a tag of the contents. */
  etag?: string | null;
}

/** What happens to one request instead of a proper answer. */
export type Fault = (request: IncomingMessage, response: ServerResponse, file: ServedFile) => void;

/** A file server on 127.0.0.1 that serves ranges properly, but for the faults that are queued for a path. */
export class FaultyServer {
  readonly files = new Map<string, ServedFile>();
  readonly faults = new Map<string, Fault[]>();
  /** Every request: its path and the headers that matter. */
  readonly log: { path: string; range?: string; ifRange?: string; authorization?: string; at: number }[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FaultyServer> {
    const server = createServer((request, response) => faulty.handle(request, response));
    const faulty = new FaultyServer(server);
    server.on("connection", (socket) => {
      faulty.sockets.add(socket);
      socket.on("close", () => faulty.sockets.delete(socket));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return faulty;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  serve(path: string, bytes: Buffer | string, etag?: string | null): string {
    this.files.set(path, { bytes: Buffer.from(bytes), etag });
    return this.url + path;
  }

  /** The next requests for `path` meet these faults, one each. */
  fail(path: string, ...faults: Fault[]): void {
    this.faults.set(path, [...(this.faults.get(path) ?? []), ...faults]);
  }

  requests(path: string) {
    return this.log.filter((entry) => entry.path === path);
  }

  reset(): void {
    this.files.clear();
    this.faults.clear();
    this.log.length = 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url!, this.url).pathname);
    const { range, authorization } = request.headers;
    this.log.push({ path, range, ifRange: request.headers["if-range"] as string, authorization, at: Date.now() });
    const file = this.files.get(path);
    const fault = this.faults.get(path)?.shift();
    if (fault) return fault(request, response, file ?? { bytes: Buffer.alloc(0) });
    if (!file) return void response.writeHead(404).end("no such file");
    proper(request, response, file);
  }
}

export const tagOf = (file: ServedFile): string | undefined =>
  file.etag === null ? undefined : (file.etag ?? `"${createHash("md5").update(file.bytes).digest("hex")}"`);

/** The start of the range that the request asks for, if it is to get one. */
function startOf(request: IncomingMessage, file: ServedFile): number | undefined {
  const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
  const same = request.headers["if-range"];
  return start === undefined || (same !== undefined && same !== tagOf(file)) ? undefined : Number(start);
}

/** Headers of a proper answer. */
export function head(request: IncomingMessage, response: ServerResponse, file: ServedFile): Buffer {
  const start = startOf(request, file);
  const tag = tagOf(file);
  const common = { ...(tag && { etag: tag }), "accept-ranges": "bytes" };
  if (start !== undefined && start >= file.bytes.length) {
    response.writeHead(416, { ...common, "content-range": `bytes */${file.bytes.length}` });
    return Buffer.alloc(0);
  }
  const body = file.bytes.subarray(start ?? 0);
  response.writeHead(start === undefined ? 200 : 206, {
    ...common,
    "content-length": body.length,
    ...(start !== undefined && { "content-range": `bytes ${start}-${file.bytes.length - 1}/${file.bytes.length}` }),
  });
  return body;
}

export const proper: Fault = (request, response, file) => void response.end(head(request, response, file));

export const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (_request, response) =>
    void response.writeHead(code, headers).end("an error page");

/** The connection is cut before any answer. */
export const reset: Fault = (request) => void request.socket.destroy();

/** A connection that is cut as soon as the client says that it has so many bytes: a cut may cost what it has not read yet. */
let cut: { at: number; socket: Socket } | undefined;

/** To be told how much the client has. */
export function received(bytes: number): void {
  if (cut && bytes >= cut.at) cut.socket.destroy();
}

/** A proper beginning of `bytes` bytes, then the connection is cut; see `received`. */
export const cutAfter =
  (bytes: number): Fault =>
  (request, response, file) => {
    const body = head(request, response, file);
    cut = { at: file.bytes.length - body.length + bytes, socket: request.socket };
    if (bytes === 0) request.socket.destroy();
    else response.write(body.subarray(0, bytes));
  };

/** A proper beginning, then silence with the connection open. */
export const stallAfter =
  (bytes: number): Fault =>
  (request, response, file) => {
    const body = head(request, response, file);
    if (bytes > 0) response.write(body.subarray(0, bytes));
    else response.flushHeaders();
  };

/** Nothing at all, with the connection open. */
export const silence: Fault = () => {};

/** The whole file, whatever range was asked for. */
export const ignoreRange: Fault = (request, response, file) => {
  delete request.headers.range;
  proper(request, response, file);
};

export const redirect =
  (to: string, code = 302): Fault =>
  (_request, response) =>
    void response.writeHead(code, { location: to }).end();
