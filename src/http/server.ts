import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';

export interface ServerSettings {
  host: string;
  /** 0 takes any free port. */
  port: number;
  headersTimeoutMs: number;
  /** For the whole of a request, its body too. */
  requestTimeoutMs: number;
  keepAliveTimeoutMs: number;
  maxConnections: number;
}

export interface ListenOptions {
  /** Requests whose body may take as long as it keeps coming: each pause in it is limited instead. */
  isLong?: (req: IncomingMessage) => boolean;
}

export interface RunningServer {
  port: number;
  /**
   * Stops accepting, lets the requests in flight finish for at most `drainMs`, then cuts the rest. Answers
   * given meanwhile say `Connection: close`. A connection that is idle may bring one request more, for half a second or
   * with `keepIdle` until the time is over: one may be on its way.
   */
  close(drainMs: number, options?: { keepIdle?: boolean }): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1024;
const CHECK_TIMEOUTS_EVERY_MS = 5000;
/**
 * At a stop, idle connections stay so long. A balancer keeps some open and sends a request on one at the very
 * moment: it would be cut and could not be tried again, for who knows what became of it. Most are used within this
 * time.
 */
const IDLE_GRACE_MS = 500;

const REFUSALS: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What a connection is doing. */
interface Connection {
  /** Answers that are owed or not wholly sent. */
  open: Set<ServerResponse>;
  /** Bytes that had come when its last answer was out; more means that a request is on its way. */
  served: number;
}

const isIdle = (socket: Socket, { open, served }: Connection): boolean =>
  open.size === 0 && socket.bytesRead === served;

/**
 * The moment right after the event loop has taken what the system had for it: connections that were made, bytes that
 * came. Whatever is closed at another moment may cut off a request that is here already and only not read.
 */
const afterReading = async (): Promise<void> => {
  // the first may be of a turn whose reading has begun
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resume) => setImmediate(resume));
};

/** Answers what is no HTTP without a detail; a connection whose answer has begun can only be cut. */
function refuse(error: NodeJS.ErrnoException, socket: Socket, open: Iterable<ServerResponse>) {
  const begun = [...open].some((res) => res.headersSent);
  if (begun || !socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = REFUSALS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

const timedOut = (): NodeJS.ErrnoException =>
  Object.assign(new Error('request timed out'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

/**
 * Calls `late` when a body has not come in time, or, of a long one, when nothing came for that time although what had
 * come was read.
 */
function limitBody(
  req: IncomingMessage,
  { milliseconds, isLong, late }: { milliseconds: number; isLong: boolean; late: () => void },
): void {
  if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined) return;
  const { socket } = req;
  let seen = socket.bytesRead;
  const timer = setTimeout(() => {
    if (isLong && (socket.bytesRead > seen || req.readableLength > 0)) {
      seen = socket.bytesRead;
      timer.refresh();
    } else if (!req.complete) late();
  }, milliseconds);
  timer.unref();
  for (const end of ['end', 'close'] as const) req.once(end, () => clearTimeout(timer));
}

/** Serves the application's callback over HTTP; rejects when the port cannot be had. */
export async function listen(
  callback: RequestListener,
  settings: ServerSettings,
  { isLong = () => false }: ListenOptions = {},
): Promise<RunningServer> {
  const connections = new Map<Socket, Connection>();
  let closing = false;
  /** From its last answer on, or from the beginning of the stop, a connection may bring a request for so long. */
  let graceMs = IDLE_GRACE_MS;

  async function endIfIdle(socket: Socket, connection: Connection): Promise<void> {
    await afterReading();
    if (isIdle(socket, connection)) socket.destroy();
  }

  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: settings.headersTimeoutMs,
    // limited below: Node.js has one limit for all requests
    requestTimeout: 0,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    connectionsCheckingInterval: CHECK_TIMEOUTS_EVERY_MS,
  });
  server.maxConnections = settings.maxConnections;
  // otherwise workers that are full hand a connection round among them without an end
  Object.assign(server, { dropMaxConnection: true });
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { open: new Set(), served: 0 });
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (req, res) => {
    const { socket } = req;
    const connection = connections.get(socket);
    connection?.open.add(res);
    const late = () => refuse(timedOut(), socket, connection?.open ?? []);
    limitBody(req, { milliseconds: settings.requestTimeoutMs, isLong: isLong(req), late });
    res.once('close', () => {
      if (!connection) return;
      connection.open.delete(res);
      connection.served = socket.bytesRead;
      // one that was told `close` closes on its own; another one may have its next request on its way
      if (closing) setTimeout(endIfIdle, graceMs, socket, connection);
    });
    if (closing) res.setHeader('Connection', 'close');
    callback(req, res);
  });
  server.on('clientError', (error, stream) => {
    const socket = stream as Socket;
    refuse(error, socket, connections.get(socket)?.open ?? []);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    port: (server.address() as AddressInfo).port,
    async close(drainMs, { keepIdle = false } = {}) {
      closing = true;
      graceMs = keepIdle ? drainMs : Math.min(IDLE_GRACE_MS, drainMs);
      await afterReading();
      const closed = new Promise<void>((resolve) => {
        // The close of an HTTP server also destroys connections whose answer is written but not yet sent.
        NetServer.prototype.close.call(server, () => resolve());
      });
      for (const { open } of connections.values())
        for (const res of open) if (!res.headersSent) res.setHeader('Connection', 'close');
      const grace = setTimeout(() => {
        for (const [socket, connection] of connections) void endIfIdle(socket, connection);
      }, graceMs);
      const cut = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(grace);
      clearTimeout(cut);
    },
  };
}
