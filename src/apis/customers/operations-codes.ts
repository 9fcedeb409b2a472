import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import { operation } from '../api.ts';
import { requestLocale } from '../request-locale.ts';
import type { ApiDeps, Caller } from './authenticate.ts';
import { type BodyReaders, empty, json } from './exchange.ts';
import { membersOf, type ReadingSettings } from './read-members.ts';

interface Deps extends ApiDeps {
  codes: OneTimeCodes;
  reading: () => ReadingSettings;
  bodies: BodyReaders;
}

/** One-time codes by SMS: the request for a code, and the check of one. */
export const codeOperations = ({ codes, reading, bodies, originOf, firstPartyClient }: Deps) => [
  operation<Caller, Parameters<OneTimeCodes['request']>[0], Awaited<ReturnType<OneTimeCodes['request']>>>({
    id: 'requestOtp',
    method: 'post',
    path: '/otp/request',
    open: true,
    body: bodies.jsonOrForm,
    async read(ctx, { body }) {
      const members = membersOf(body, reading());
      const mobile = members.mobile();
      const purpose = members.has('purpose') ? members.purpose() : undefined;
      members.end();
      const { address } = originOf(ctx);
      const asker = { address, clientId: await firstPartyClient(ctx) };
      return { mobile, purpose, locale: requestLocale(ctx), asker };
    },
    run: (request) => codes.request(request),
    write: json,
  }),

  operation<Caller, { mobile: string; code: string; origin: Origin }, void>({
    id: 'verifyOtp',
    method: 'post',
    path: '/forgotpassword/verifyotp',
    open: true,
    body: bodies.json,
    read(ctx, { body }) {
      const members = membersOf(body, reading());
      const input = { mobile: members.mobile(), code: members.code(), origin: originOf(ctx) };
      members.end();
      return input;
    },
    run: async (guess) => void (await codes.check({ ...guess, purpose: 'reset' })),
    write: empty,
  }),
];
