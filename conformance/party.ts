import { localServer, type ReceivedRequest } from '../test/support/local-server.ts';

/** The host of clients, by https: it serves JSON documents and keeps what it is sent. */
export interface Party {
  server: { url: string };
  /** By path. */
  documents: Map<string, unknown>;
  /** The next request to a path. */
  next(path: string): Promise<ReceivedRequest>;
}

/** Starts one on the loopback interface; `atEnd` of the tests' support stops it. */
export async function startParty(): Promise<Party> {
  const documents = new Map<string, unknown>();
  const server = await localServer((path) => documents.get(path), { secure: true });
  return {
    server,
    documents,
    async next(path) {
      for (;;) {
        const request = await server.next();
        if (request.path === path) return request;
      }
    },
  };
}
