import type { Context } from 'koa';
import type { Api, Contract } from '../api.ts';
import { type Caller, tokenOf } from './authenticate.ts';
import { presentError, wrongFields } from './errors.ts';
import { profileOperations } from './operations-profile.ts';
import { recoveryOperations } from './operations-recovery.ts';
import { signInOperations } from './operations-sign-in.ts';
import { signUpOperations } from './operations-sign-up.ts';

export type SelfServiceDeps = Parameters<typeof signInOperations>[0] &
  Parameters<typeof profileOperations>[0] &
  Parameters<typeof recoveryOperations>[0] &
  Parameters<typeof signUpOperations>[0] & {
    contract: Contract;
    /** Returns the caller that a token belongs to. Throws if it may not be used here. */
    callerOf: (ctx: Context, token: string | undefined) => Promise<Caller>;
  };

/** The Self-service API. */
export const selfServiceApi = (deps: SelfServiceDeps): Api<Caller> => ({
  name: 'self-service',
  contract: deps.contract,
  operations: [
    ...signInOperations(deps),
    ...profileOperations(deps),
    ...recoveryOperations(deps),
    ...signUpOperations(deps),
  ],
  authenticate: (ctx) => deps.callerOf(ctx, tokenOf(ctx)),
  refuse: (_operation, findings) => wrongFields(findings),
  presentError,
});
