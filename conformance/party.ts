import { setTimeout as pause } from 'node:timers/promises';
import { localServer, type ReceivedRequest } from '../test/support/local-server.ts';

const PATIENCE_MS = 15_000;

/** An https host of clients, which serves JSON documents and records requests. */
export interface Party {
  url: string;
  /** The documents by path. */
  documents: Map<string, unknown>;
  /**
   * Returns the first request to a path, which only one check may use. Throws when none arrives within fifteen seconds.
   */
  received(path: string): Promise<ReceivedRequest>;
}

/** Starts a party on the loopback interface. `atEnd` of the test support stops it. */
export async function startParty(): Promise<Party> {
  const documents = new Map<string, unknown>();
  const server = await localServer((path) => documents.get(path), { secure: true });
  return {
    url: server.url,
    documents,
    async received(path) {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        const request = server.received.find((one) => one.path === path);
        if (request) return request;
        if (performance.now() > deadline) throw new Error(`no request came to ${path}`);
        await pause(20);
      }
    },
  };
}
