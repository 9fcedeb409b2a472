import type { Context } from 'koa';
import { readJsonOrForm } from '../../http/body.ts';
import type { Api, Contract } from '../api.ts';
import { type Caller, KEY_HEADER } from './authenticate.ts';
import { errorPresenter, firstWrong } from './errors.ts';
import { loginOperations } from './operations-login.ts';
import { registerOperations } from './operations-register.ts';
import { userOperations } from './operations-user.ts';

type Of<Build extends (deps: never) => unknown> = Omit<Parameters<Build>[0], 'body'>;

export type KeysDeps = Of<typeof loginOperations> &
  Of<typeof registerOperations> &
  Of<typeof userOperations> & {
    contract: Contract;
    bodyBytes: number;
    /** Whether to respond with 200 instead of every status below 500. */
    alwaysOk: boolean;
    /** Returns the caller that the bearer token of a request belongs to. */
    bearerOf: (ctx: Context) => Promise<Caller>;
  };

/** The Keys API. */
export function keysApi(given: KeysDeps): Api<Caller> {
  const { contract, bodyBytes, callerOf, bearerOf } = given;
  const deps = { ...given, body: (ctx: Context) => readJsonOrForm(ctx, { bytes: bodyBytes, form: true }) };
  return {
    name: 'keys',
    contract,
    operations: [...loginOperations(deps), ...registerOperations(deps), ...userOperations(deps)],
    authenticate(ctx) {
      const key = ctx.get(KEY_HEADER);
      return key === '' ? bearerOf(ctx) : callerOf(ctx, key);
    },
    refuse: (_operation, findings, reading) => firstWrong(findings, reading),
    presentError: errorPresenter(given),
  };
}
