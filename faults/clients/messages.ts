import type { LoadClient, MakeClient } from './client.ts';
import { newMobile } from './people.ts';

/**
 * Requests codes, one for each mobile number, without retries. An acknowledged code must be delivered exactly once,
 * another one at most once.
 */
export const askingForCodes: MakeClient = ({ stage, tally, caller, later }): LoadClient => {
  const call = caller('message');
  const asked = new Map<string, boolean>();
  return {
    kind: 'message',
    thinkMs: 50,
    prepare: async () => {},
    async turn() {
      const mobile = newMobile();
      const reply = await call.once({ path: '/otp/request', json: { mobile }, expect: [200] });
      asked.set(`+66${mobile.slice(1)}`, typeof reply === 'object');
    },
    async check() {
      later(async () => {
        const delivered = Map.groupBy(stage.gateway.delivered.values(), ({ to }) => to);
        for (const [mobile, acknowledged] of asked) {
          const times = delivered.get(mobile)?.length ?? 0;
          if (acknowledged && times === 0) tally.lost.push('a code that was promised was not delivered');
          if (times > 1) tally.doubled.push(`a code was delivered ${times} times`);
        }
      });
    },
  };
};
