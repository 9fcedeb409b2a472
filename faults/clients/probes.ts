import type { LoadClient, MakeClient } from './client.ts';

/** The demonstration's client that acts for itself. */
const SERVICE = `Basic ${Buffer.from('service:service-secret').toString('base64')}`;

/**
 * Asks one server for a token, which is a write, every tenth of a second, without waiting for the answer before: when
 * the first one fails and when the next one succeeds is known to that precision.
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
