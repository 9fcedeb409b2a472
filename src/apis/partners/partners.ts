import type { Context } from 'koa';
import type { Api, Contract } from '../api.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { presentError, refuse } from './errors.ts';
import { accountOperations } from './operations-account.ts';
import { searchOperations } from './operations-search.ts';

type Of<Build extends (deps: never) => unknown> = Parameters<Build>[0];

export type PartnersDeps = Of<typeof authenticate> &
  Of<typeof accountOperations> &
  Of<typeof searchOperations> & {
    contract: Contract;
    issuer: string;
    /** The dates on which the obsolete search was deprecated and will be removed. */
    verify: { deprecated: Date; sunset: Date };
  };

/** Returns the header fields of a deprecated resource (RFC 9745, RFC 8594), with its replacement (RFC 5829). */
const obsolete = ({ issuer, verify: { deprecated, sunset } }: PartnersDeps): Record<string, string> => ({
  Deprecation: `@${deprecated.getTime() / 1000}`,
  Sunset: sunset.toUTCString(),
  Link: `<${issuer}/accounts>; rel="successor-version"`,
});

/** The Partners API. */
export function partnersApi(deps: PartnersDeps): Api<Caller> {
  const whoCalls = authenticate(deps);
  const goodbye = obsolete(deps);
  return {
    name: 'partners',
    contract: deps.contract,
    operations: [...searchOperations(deps), ...accountOperations(deps)],
    async authenticate(ctx: Context, operation) {
      if (operation.id === 'verifyAccount') ctx.set(goodbye);
      return whoCalls(ctx, operation);
    },
    refuse: (_operation, findings) => refuse(findings),
    presentError,
  };
}
