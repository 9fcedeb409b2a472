import type { Accounts } from '../../domain/accounts/accounts.ts';
import type { NationalIds } from '../../domain/accounts/national-ids.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { Registration } from '../../domain/registration/registration.ts';
import type { EmailLinks } from '../../domain/settings/email-links.ts';
import type { MobileChange } from '../../domain/settings/mobile-change.ts';
import type { PasswordChange } from '../../domain/settings/password-change.ts';
import type { Reauthentication } from '../../domain/sign-in/reauthentication.ts';
import { AppError } from '../../errors/app-error.ts';
import { refuseIfAny } from '../../errors/violations.ts';
import { operation } from '../api.ts';
import { type ApiDeps, type Caller, preservedSessionOf } from './authenticate.ts';
import { type BodyReaders, empty } from './exchange.ts';
import { shownTo } from './operations-profile.ts';
import { membersOf, type ReadingSettings } from './read-members.ts';
import { customer } from './wire.ts';

interface Deps extends ApiDeps {
  accounts: Accounts;
  nationalIds: NationalIds;
  passwordChange: PasswordChange;
  registration: Pick<Registration, 'passwordProblem'>;
  mobileChange: MobileChange;
  emailLinks: EmailLinks;
  reauthentication: Pick<Reauthentication, 'isRecent' | 'confirmPassword' | 'passwordProblem'>;
  reading: () => ReadingSettings;
  bodies: BodyReaders;
}

interface EmailInput {
  email: string;
  password: string;
  origin: Origin;
}

/** Changes of the password, mobile and e-mail, which are used to sign in. Each requires proof. */
export function securityOperations(deps: Deps) {
  const {
    accounts,
    passwordChange,
    registration,
    mobileChange,
    emailLinks,
    reauthentication,
    reading,
    bodies,
    originOf,
  } = deps;

  const emailOperation = (
    id: string,
    path: string,
    run: EmailLinks['requestChange'] | EmailLinks['checkChange'],
  ) =>
    operation<Caller, EmailInput, void>({
      id,
      method: 'post',
      path,
      body: bodies.jsonOrForm,
      read(ctx, { body }) {
        const members = membersOf(body, reading());
        const input = {
          email: members.email().value,
          password: members.text('password'),
          origin: originOf(ctx),
        };
        members.end();
        return input;
      },
      async run({ email, password, origin }, { accountId, generation }) {
        await reauthentication.confirmPassword({
          accountId,
          password,
          required: true,
          field: 'password',
          origin,
        });
        const account = await accounts.find(accountId);
        if (!account) throw new AppError('INVALID_TOKEN');
        await run({ account, email, address: origin.address, generation });
      },
      write: empty,
    });

  return [
    operation<Caller, Parameters<PasswordChange['resetByCode']>[0], void>({
      id: 'changePassword',
      method: 'post',
      path: '/forgotpassword/changepassword',
      open: true,
      body: bodies.json,
      read(ctx, { body }) {
        const members = membersOf(body, reading());
        const next = members.text('password');
        const input = { mobile: members.mobile(), code: members.code(), next, origin: originOf(ctx) };
        members.newPassword('password', registration.passwordProblem, {
          names: [],
          emails: [],
          mobiles: [input.mobile],
        });
        members.end();
        return input;
      },
      run: (input) => passwordChange.resetByCode(input),
      write: empty,
    }),
    operation<Caller, { present: string; next: string; origin: Origin }, void>({
      id: 'updatePassword',
      method: 'post',
      path: '/update-password',
      body: bodies.json,
      read(ctx, { body }) {
        const members = membersOf(body, reading());
        return {
          present: members.text('oldPassword'),
          next: members.text('newPassword'),
          origin: originOf(ctx),
        };
      },
      async run({ present, next, origin }, caller) {
        const { accountId } = caller;
        const refused = await passwordChange.problem(accountId, next);
        const field = 'oldPassword';
        const current = { accountId, password: present, required: true, field, origin };
        const wrong = await reauthentication.passwordProblem(current);
        refuseIfAny([
          ...(wrong ? [{ field, code: wrong }] : []),
          ...(refused ? [{ field: 'newPassword', code: refused }] : []),
        ]);
        await passwordChange.change({ accountId, next, preservedSession: preservedSessionOf(caller) });
      },
      write: empty,
    }),
    operation<
      Caller,
      { mobile: string; code: string; password: string | undefined; origin: Origin },
      Awaited<ReturnType<typeof shownTo>>
    >({
      id: 'updateMobile',
      method: 'post',
      path: '/update-mobile',
      body: bodies.json,
      read(ctx, { body }) {
        const members = membersOf(body, reading());
        const password = members.isSupplied('password') ? members.text('password') : undefined;
        const input = { mobile: members.mobile(), code: members.code(), password, origin: originOf(ctx) };
        members.end();
        return input;
      },
      async run({ mobile, code, password, origin }, caller) {
        const { accountId, passwordAt } = caller;
        const required = !reauthentication.isRecent(passwordAt);
        await reauthentication.confirmPassword({
          accountId,
          password,
          required,
          field: 'password',
          origin,
        });
        await mobileChange.change({
          accountId,
          mobile,
          code,
          origin,
          preservedSession: preservedSessionOf(caller),
        });
        return shownTo(deps, caller);
      },
      write(ctx, { account, nationalId }) {
        ctx.body = customer(account, { nationalId, timeZone: reading().timeZone });
      },
    }),
    emailOperation('preUpdateEmail', '/pre-update-email', emailLinks.checkChange),
    emailOperation('updateEmail', '/update-email', emailLinks.requestChange),
  ];
}
