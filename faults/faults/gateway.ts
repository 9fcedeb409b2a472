import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { GatewayMood } from '../stage/gateway.ts';

const TROUBLE_MS = 5000;
/** The permitted increase of response times: no request waits for a gateway. */
const SLOWER_MS = 100;

const gatewayFault = (mood: GatewayMood, what: string): Fault => ({
  name: `sms-${mood}`,
  what: `The SMS gateway ${what} for ${TROUBLE_MS / 1000} seconds.`,
  never: 'Answers that wait for it, a message that is never sent, or sent under two ids.',
  slowerByMs: SLOWER_MS,
  async inject({ stage }) {
    await stage.gateway.become(mood);
    try {
      await pause(TROUBLE_MS);
    } finally {
      await stage.gateway.become('well');
    }
  },
});

export const smsDown = gatewayFault('down', 'refuses connections');
export const smsSlow = gatewayFault('slow', 'takes messages and says so after the server has given up');
export const smsHung = gatewayFault('hung', 'never answers');
