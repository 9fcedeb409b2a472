import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';

export interface ServerSettings {
  host: string;
  /** 0 selects any free port. */
  port: number;
  headersTimeoutMs: number;
  /** The limit of the body of a request, from the end of its headers. */
  requestTimeoutMs: number;
  keepAliveTimeoutMs: number;
  maxConnections: number;
}

export interface ListenOptions {
  /** Whether the body of a request may take any time. Only each pause in it is then limited. */
  isLong?: (req: IncomingMessage) => boolean;
}

export interface RunningServer {
  port: number;
  /**
   * Stops accepting connections, lets requests in flight finish for at most `drainMs`, then closes the rest. Responses
   * sent in the meantime have `Connection: close`. An idle connection may send one more request, because one may be in
   * transit: for half a second or, with `keepIdle`, until `drainMs` is over.
   */
  close(drainMs: number, options?: { keepIdle?: boolean }): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1024;
const CHECK_TIMEOUTS_EVERY_MS = 5000;
/**
 * How long idle connections stay open at a shutdown. A load balancer may send a request on one at that very moment. The
 * request would be cut off and could not be retried, because its outcome would be unknown. Most connections are used
 * within this time.
 */
const IDLE_GRACE_MS = 500;

const REFUSALS: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** The state of a connection. */
interface Connection {
  /** Responses that are pending or not completely sent. */
  open: Set<ServerResponse>;
  /** The bytes received when its last response was sent. A higher number means that a request is arriving. */
  served: number;
}

const isIdle = (socket: Socket, { open, served }: Connection): boolean =>
  open.size === 0 && socket.bytesRead === served;

/**
 * Waits until the event loop has processed what the system had received: new connections and data. Closing a connection
 * at any other moment may cut off a request that has arrived but has not been read.
 */
const afterReading = async (): Promise<void> => {
  // the first turn may have begun its reading before
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resume) => setImmediate(resume));
};

/**
 * Rejects a request that is not valid HTTP or is late, without details. A connection whose response has begun is
 * closed.
 */
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
 * Calls `late` when a body has not arrived in time. For a long body, this means that no data arrived for that time
 * although all earlier data was read.
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

/** Serves the callback of the application over HTTP. Rejects when the port is not available. */
export async function listen(
  callback: RequestListener,
  settings: ServerSettings,
  { isLong = () => false }: ListenOptions = {},
): Promise<RunningServer> {
  const connections = new Map<Socket, Connection>();
  let closing = false;
  /** How long a connection may send a request, after its last response or after the start of the shutdown. */
  let graceMs = IDLE_GRACE_MS;

  async function endIfIdle(socket: Socket, connection: Connection): Promise<void> {
    await afterReading();
    if (isIdle(socket, connection)) socket.destroy();
  }

  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: settings.headersTimeoutMs,
    // limited below: Node.js has only one limit for all requests
    requestTimeout: 0,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    connectionsCheckingInterval: CHECK_TIMEOUTS_EVERY_MS,
  });
  server.maxConnections = settings.maxConnections;
  // otherwise full workers pass a connection to each other indefinitely
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
      // a connection with `Connection: close` closes on its own; on any other, the next request may be in transit
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
        // Closing an HTTP server also destroys connections whose response is written but not yet sent.
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
