import { type FreshServer, freshServer } from '../../concurrency/fresh-server.ts';
import type { startServer } from '../../support/server.ts';
import { type Answer, customersClient } from './customers-client.ts';

type Changes = NonNullable<Parameters<typeof startServer>[0]>;

const MANY = 100_000;

/** Limits of addresses, prefixes and the whole deployment that no test reaches by accident. */
export const unlimited = (oneTimeCodes: Changes['oneTimeCodes'] = {}): Changes => ({
  // the callers' addresses come from X-Forwarded-For
  server: { trustProxy: 1 },
  oneTimeCodes: {
    addressPerHour: MANY,
    prefixPerHour: MANY,
    globalPerHour: MANY,
    conversionSends: MANY,
    ...oneTimeCodes,
  },
});

/** Starts a server with fresh tables, so that its counts are independent of other tests. */
export const codeServer = (changes: Changes = {}): Promise<FreshServer> =>
  freshServer({ ...unlimited(), ...changes });

export const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

/** The steps of people who receive and type codes. */
export function codeSteps(server: { url: string }) {
  const { call, post } = customersClient(server);
  return {
    ask: (mobile: string, headers: Record<string, string> = {}, purpose?: string): Promise<Answer> =>
      post('/otp/request', { mobile, ...(purpose ? { purpose } : {}) }, headers),

    verify: (mobile: string, otpNumber: string): Promise<Answer> =>
      post('/forgotpassword/verifyotp', { mobile, otpNumber }),

    reset: (mobile: string, otpNumber: string, password: string): Promise<Answer> =>
      post('/forgotpassword/changepassword', { mobile, otpNumber, password }),

    /** The messages to an address or number, newest first. */
    async textsTo(to: string): Promise<string[]> {
      const path = `/dev/outbox?to=${encodeURIComponent(to)}`;
      const { body } = await call('GET', path, { headers: { accept: 'application/json' } });
      return body.map(({ text }: { text: string }) => text);
    },
  };
}

/** Returns a code other than this one, and another one for every `step`. */
export const otherThan = (code: string, step = 1): string =>
  String((Number(code) + step) % 1_000_000).padStart(6, '0');
