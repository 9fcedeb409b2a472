import type { Context } from 'koa';
import type { Titles } from '../../domain/accounts/titles.ts';
import type { Channels } from '../../domain/messages/channels.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Again } from '../kit/form-page.ts';
import { type CodePaths, pathOf } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { calendarDay } from '../page-data/days.ts';
import type { AskedNationalId } from '../page-data/steps-data.ts';
import { type Flow, frameOf, type StepState } from '../steps/steps.ts';
import { type Identity, identityForm, typedIdentity } from './identity-form.ts';

/** The data entered in the first of the two forms. The browser carries it, sealed, to the second form. */
export interface EnteredIdentity {
  /** E.164. A person who verifies another number in this browser may be a different person. */
  mobile: string;
  identity: Identity;
  /** Typed into the second form before an error led back to the first. */
  email?: string | undefined;
}

export interface RegisterPaths extends CodePaths {
  details: string;
  account: string;
}

export interface RegistrationFormsDeps {
  identityCookie: SealedCookie<EnteredIdentity>;
  titles: Titles;
  clock: Clock;
  timeZone: string;
  nationalId: AskedNationalId;
  passwordLeast: number;
  /** Whether people may register with a passkey instead of a password. */
  withoutPassword: boolean;
  termsUri: string | undefined;
  privacyUri: string | undefined;
  channels: Channels;
  guard: Pick<FormGuard, 'token'>;
  show: Show;
}

/** The two forms of a registration: the person's identity, then the sign-in details. */
export function registrationForms(deps: RegistrationFormsDeps, paths: RegisterPaths) {
  const { identityCookie, guard, show } = deps;
  const identityAddress = ({ uid }: Flow): string => pathOf(paths.details, uid);
  const credentialsAddress = ({ uid }: Flow): string => pathOf(paths.account, uid);

  function enteredIdentity(ctx: Context, flow: Flow, { mobile }: StepState): EnteredIdentity | undefined {
    const kept = identityCookie.read(ctx, flow.path);
    return kept?.mobile === mobile ? kept : undefined;
  }

  async function showIdentity(
    ctx: Context,
    flow: Flow,
    kept: EnteredIdentity | undefined,
    { sent, errors, status = 200 }: Partial<Again> = {},
  ): Promise<void> {
    const action = identityAddress(flow);
    const stored = kept ? identityForm(kept.identity) : typedIdentity();
    const data = {
      ...frameOf(flow),
      ...{ action, errors, nationalId: deps.nationalId },
      typed: sent ? typedIdentity(sent) : stored,
      csrf: guard.token(ctx),
      titles: await deps.titles.list(),
      today: calendarDay(deps.clock.now(), deps.timeZone),
    };
    show(ctx, 'registration/identity', data, { status, uiLocales: flow.signIn?.uiLocales, address: action });
  }

  function showCredentials(
    ctx: Context,
    flow: Flow,
    kept: EnteredIdentity,
    { sent, errors, status = 200 }: Partial<Again> = {},
  ): void {
    const { passwordLeast, termsUri, privacyUri } = deps;
    const { firstName, lastName } = kept.identity;
    const action = credentialsAddress(flow);
    const data = {
      ...frameOf(flow),
      ...{ action, errors, passwordLeast, termsUri, privacyUri },
      ...{ names: [firstName, lastName], backAddress: identityAddress(flow) },
      email: sent?.email ?? kept.email ?? '',
      csrf: guard.token(ctx),
      mobile: nationalMobile(kept.mobile),
      mailsLink: deps.channels.has('mail'),
      offersPasskey: deps.withoutPassword,
    };
    show(ctx, 'registration/credentials', data, {
      ...{ status, uiLocales: flow.signIn?.uiLocales, address: action },
    });
  }

  return { enteredIdentity, identityAddress, credentialsAddress, showIdentity, showCredentials };
}
