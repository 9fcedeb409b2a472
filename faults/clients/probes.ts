import type { LoadClient, MakeClient } from './client.ts';

/** The demonstration client with the client credentials grant. */
const SERVICE = `Basic ${Buffer.from('service:service-secret').toString('base64')}`;

/**
 * Requests a token, which is a write, from one server every tenth of a second, without waiting for earlier responses.
 * The times of the first failure and of the next success are known to that precision.
 */
export const probing =
  (server: 0 | 1): MakeClient =>
  ({ tally, caller }): LoadClient => {
    const call = caller('probe');
    const waiting = new Set<Promise<void>>();
    const probe = async (): Promise<void> => {
      const sentAt = performance.now();
      const reply = await call.once({
        path: '/oauth/token',
        form: { grant_type: 'client_credentials' },
        headers: { authorization: SERVICE },
        expect: [200],
        at: server,
      });
      tally.probes.push({ server, sentAt, answeredAt: performance.now(), isGood: typeof reply === 'object' });
    };
    return {
      kind: 'probe',
      thinkMs: 100,
      prepare: async () => {},
      async turn() {
        const probed = probe().finally(() => waiting.delete(probed));
        waiting.add(probed);
      },
      check: async () => void (await Promise.all(waiting)),
    };
  };
