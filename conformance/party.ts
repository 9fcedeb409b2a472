import { setTimeout as pause } from 'node:timers/promises';
import { localServer, type ReceivedRequest } from '../test/support/local-server.ts';

const PATIENCE_MS = 15_000;

/** The host of clients, by https: it serves JSON documents and keeps what it is sent. */
export interface Party {
  url: string;
  /** By path. */
  documents: Map<string, unknown>;
  /** The first request to a path, which no other check uses; throws when none comes within fifteen seconds. */
  received(path: string): Promise<ReceivedRequest>;
}

/** Starts one on the loopback interface; `atEnd` of the tests' support stops it. */
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
