import type { Context } from 'koa';
import type { Config } from '../config/config.ts';
import { ACCOUNT_CLIENT, CONSOLE_CLIENT } from '../domain/clients/built-in-clients.ts';
import type { Origin } from '../domain/known-origins/known-origins.ts';
import type { Metrics } from '../http/metrics.ts';
import type { Clock } from '../lib/clock.ts';
import type { AppSignInDeps } from '../oidc/app-sign-in/app-sign-in.ts';
import type { Domain } from './domain.ts';

interface ComposedDeps extends Pick<AppSignInDeps, 'methods' | 'requirements' | 'beginnings'> {
  config: Config;
  clock: Clock;
  domain: Domain;
  metrics: Pick<Metrics, 'loginEnded'>;
  originOf: (ctx: Context) => Origin;
}

/** The sign-in inside apps, with the same authenticators and requirements as on the pages. */
export const composeAppSignIn = ({
  config,
  clock,
  domain,
  metrics,
  originOf,
  methods,
  requirements,
  beginnings,
}: ComposedDeps): AppSignInDeps => ({
  ...{ clock, originOf, methods, requirements, beginnings },
  accounts: domain.accounts,
  codes: domain.codes,
  emailCode: domain.emailCode,
  countries: config.oneTimeCodes.countries,
  hasPasskey: domain.hasPasskey,
  keyring: domain.keyring,
  loginEnded: (outcome) => metrics.loginEnded('app', outcome),
  pageClients: new Set([ACCOUNT_CLIENT.id, CONSOLE_CLIENT.id]),
  passkeyAuthenticator: domain.passkeyAuthenticator,
  passwordAuthenticator: domain.passwordAuthenticator,
  secondFactors: domain.secondFactors,
  smsCode: domain.smsCode,
});
