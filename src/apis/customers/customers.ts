import type { Context } from 'koa';
import type { Api, Contract } from '../api.ts';
import type { ApiDeps, Caller } from './authenticate.ts';
import { presentError, wrongMembers } from './errors.ts';
import { bodyReaders } from './exchange.ts';
import { codeOperations } from './operations-codes.ts';
import { findMobileOperations } from './operations-find-mobile.ts';
import { imageOperations } from './operations-image.ts';
import { lookupOperations } from './operations-lookups.ts';
import { profileOperations } from './operations-profile.ts';
import { registrationOperations } from './operations-registration.ts';
import { securityOperations } from './operations-security.ts';

type Of<Build extends (deps: never) => unknown> = Omit<Parameters<Build>[0], 'bodies'>;

export type CustomersDeps = ApiDeps &
  Of<typeof codeOperations> &
  Of<typeof registrationOperations> &
  Of<typeof profileOperations> &
  Of<typeof securityOperations> &
  Of<typeof findMobileOperations> &
  Of<typeof imageOperations> &
  Of<typeof lookupOperations> & {
    contract: Contract;
    bodyBytes: number;
    authenticate: (ctx: Context) => Promise<Caller>;
  };

/** The Customers API. */
export function customersApi(given: CustomersDeps): Api<Caller> {
  const deps = { ...given, bodies: bodyReaders(given.bodyBytes) };
  return {
    name: 'customers',
    contract: given.contract,
    trailingSlash: true,
    operations: [
      ...codeOperations(deps),
      ...registrationOperations(deps),
      ...profileOperations(deps),
      ...imageOperations(deps),
      ...lookupOperations(deps),
      ...findMobileOperations(deps),
      ...securityOperations(deps),
    ],
    authenticate: given.authenticate,
    refuse: (_operation, findings, reading) => wrongMembers(findings, reading),
    presentError,
  };
}
