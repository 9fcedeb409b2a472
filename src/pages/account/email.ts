import type { Middleware } from 'koa';
import type { Channels } from '../../domain/messages/channels.ts';
import type { EmailLinks } from '../../domain/settings/email-links.ts';
import { isSameEmail, parseEmail } from '../../domain/values/email.ts';
import { refuseIf } from '../kit/form-errors.ts';
import type { ShownContact } from '../page-data/account-data.ts';
import { type AccountArea, accountPage, type Sent, SIGN_IN_AGAIN, withOutcome } from './account-page.ts';
import { shownContact } from './overview.ts';
import {
  identifierOf,
  needsPassword,
  type ReauthenticationDeps,
  reauthenticated,
} from './reauthentication.ts';

const PATH = '/account/email';

interface Deps extends ReauthenticationDeps {
  emailLinks: Pick<EmailLinks, 'requestChange' | 'waitingEmail' | 'withdrawChange' | 'resendVerification'>;
  channels: Channels;
}

/** Returns the typed address if it is valid and not the current, verified address. Throws `FormRefused`. */
function wantedEmail({ email = '' }: Sent, current: ShownContact | undefined): string {
  if (email.trim() === '') refuseIf([{ field: 'email', code: 'EMAIL_MISSING' }]);
  if (!parseEmail(email)) refuseIf([{ field: 'email', code: 'INVALID_EMAIL' }]);
  const isCurrent = current?.verified === true && isSameEmail(email, current.value);
  if (isCurrent) refuseIf([{ field: 'email', code: 'EMAIL_UNCHANGED' }]);
  return email;
}

/**
 * `/account/email`: changes the e-mail. The change takes effect when the holder opens the link that is mailed to the
 * new address, and can be withdrawn until then. The old address is notified, with a link to undo the change.
 */
export function emailPage(area: AccountArea, deps: Deps): Middleware {
  const { emailLinks, channels, originOf } = deps;
  return accountPage(area, {
    name: 'account/email',
    path: PATH,
    outcomes: ['email_sent', 'email_withdrawn', 'verification_sent'],
    async load(accountContext, sent) {
      const { account } = accountContext;
      return {
        email: shownContact(account, 'email'),
        pendingEmail: await emailLinks.waitingEmail(account.id),
        typed: sent?.email ?? '',
        identifier: identifierOf(account),
        canSend: channels.has('mail'),
        needsPassword: await needsPassword(deps, accountContext),
      };
    },
    forms: [
      {
        async submit(sent, accountContext, ctx) {
          const { account, preservedSession } = accountContext;
          const email = wantedEmail(sent, shownContact(account, 'email'));
          if (!(await reauthenticated(deps, sent, accountContext, ctx))) return SIGN_IN_AGAIN;
          await emailLinks.requestChange({
            account,
            email,
            address: originOf(ctx).address,
            generation: preservedSession.generation,
          });
          return withOutcome(PATH, 'email_sent');
        },
      },
      {
        action: '/account/email/verify',
        async submit(_sent, { account }, ctx) {
          await emailLinks.resendVerification(account, originOf(ctx).address);
          return withOutcome(PATH, 'verification_sent');
        },
      },
      {
        action: '/account/email/withdraw',
        async submit(_sent, { account }) {
          await emailLinks.withdrawChange(account.id);
          return withOutcome(PATH, 'email_withdrawn');
        },
      },
    ],
  });
}
