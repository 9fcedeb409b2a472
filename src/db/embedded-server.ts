import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { passwordGate } from './password-gate.ts';
import { type Message, messageReader } from './wire-messages.ts';

/** A connection, and its exchanges that have not been run. */
interface Client {
  socket: Socket;
  asked: Message[][];
}

/** The messages after which the client waits for a response: Query, Sync, Flush, and the start of the connection. */
const ENDS_EXCHANGE = new Set(['Q', 'S', 'H', 'startup']);

/**
 * Serves the only session of a PGlite to many connections, over the wire protocol of PostgreSQL. A connection has the
 * session to itself for a whole exchange (Parse, Bind, Execute, Sync), because the unnamed statement is shared. It also
 * keeps the session until the end of a transaction that it began. Connections take turns in the order of their
 * exchanges. With a `password`, each connection must send it first.
 */
export function embeddedServer(db: PGlite, password?: string): Server {
  const turns: Client[] = [];
  let owner: Client | undefined;
  let running = false;

  /** Returns the next client that may use the session. */
  function takeTurn(): Client | undefined {
    const at = owner ? turns.indexOf(owner) : 0;
    return at < 0 ? undefined : turns.splice(at, 1)[0];
  }

  async function answer({ socket }: Client, exchange: Message[]): Promise<void> {
    for (const { bytes } of exchange) {
      await db.execProtocolRawStream(bytes, {
        onRawData: (data) => {
          if (socket.writable) socket.write(data.slice());
        },
      });
    }
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    for (let client = takeTurn(); client; client = takeTurn()) {
      const turn = client;
      const exchange = turn.asked.shift();
      try {
        await db.runExclusive(() => answer(turn, exchange ?? []));
      } catch {
        turn.socket.destroy();
      }
      owner = db.isInTransaction() ? turn : undefined;
      if (owner?.socket.destroyed) await abandon();
    }
    running = false;
  }

  /** Rolls back the transaction of a connection that has closed. */
  async function abandon(): Promise<void> {
    await db.exec('rollback');
    owner = undefined;
  }

  async function leave(client: Client): Promise<void> {
    client.asked = [];
    for (let at = turns.indexOf(client); at >= 0; at = turns.indexOf(client)) turns.splice(at, 1);
    if (owner !== client || running) return;
    await abandon();
    await run();
  }

  return createServer((socket) => {
    const client: Client = { socket, asked: [] };
    const read = messageReader();
    const gate = passwordGate(socket, password);
    let exchange: Message[] = [];
    function take(message: Message): void {
      if (message.type === 'ssl') socket.write('N');
      else if (message.type === 'X' || message.type === 'cancel') socket.end();
      else exchange.push(message);
      if (!ENDS_EXCHANGE.has(message.type)) return;
      client.asked.push(exchange);
      turns.push(client);
      exchange = [];
    }
    socket.on('data', (data) => {
      if (!gate.accepts(data.length)) return void socket.destroy();
      try {
        for (const message of read(data)) {
          const passed = gate.pass(message);
          if (passed) take(passed);
        }
      } catch {
        socket.destroy();
      }
      void run();
    });
    // a client that is killed resets its connection
    socket.on('error', () => {});
    socket.on('close', () => void leave(client));
  });
}
