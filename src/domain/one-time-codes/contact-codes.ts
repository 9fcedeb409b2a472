import { timingSafeEqual } from 'node:crypto';
import { transaction } from '../../db/transaction.ts';
import type { ContactKey } from '../contacts/contacts.ts';
import { requireChannel } from '../messages/channels.ts';
import type { Locale, Reading } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import { consumeUnlessAsked } from './asked-again.ts';
import { networkDigest } from './asker.ts';
import {
  type ContactCodePurpose,
  minutesOf,
  newCode,
  newReference,
  parseCode,
  prefixOf,
} from './one-time-code.ts';
import { claimCode, consumeAttempt, replaceCode, waitingCode } from './one-time-code-store.ts';
import type { CodeSent, OneTimeCodesDeps } from './one-time-codes.ts';
import { consumeMailLimits, consumeSendLimits, type MessageRefund, sendCounted } from './send-limits.ts';

/** The purpose and the owner of a code. It is worthless for another purpose, account, contact or browser. */
export interface CodeHolder {
  purpose: ContactCodePurpose;
  accountId: number;
  contact: ContactKey;
  /** A value that only the browser that requested the code has. */
  browser: string;
}

export interface ContactCodeRequest extends CodeHolder {
  /** The address or the number as stored. */
  to: string;
  /** The person that a mail greets. */
  reader: Pick<Reading, 'owner'>;
  locale: Locale;
  /** The IP address of the caller. */
  address: string;
}

/**
 * Codes to a contact of an account that is already identified: second factors, and proofs before one is removed. They
 * share the table and the limits of the codes that verify a number, because a message costs as much.
 */
export interface ContactCodes {
  /**
   * Sends a code that replaces an earlier one. Returns undefined when this browser requested one moments ago, which is
   * then on its way. Throws `SMS_UNAVAILABLE`, `MAIL_UNAVAILABLE`, `TOO_MANY_ATTEMPTS`, and `UNAVAILABLE` beyond the
   * sending limit of the whole deployment.
   */
  send(request: ContactCodeRequest): Promise<CodeSent | undefined>;
  /**
   * Uses up a code that was typed; returns false for any but the right one. A code has a few attempts, right or wrong.
   */
  use(holder: CodeHolder, typed: string): Promise<boolean>;
}

type Deps = Pick<
  OneTimeCodesDeps,
  'db' | 'keyring' | 'counters' | 'outbox' | 'channels' | 'settings' | 'onAlert'
>;

const DIGEST = 'one_time_codes.digest';
const BROWSER = 'one_time_codes.browser';

export function contactCodes(deps: Deps): ContactCodes {
  const { db, keyring, channels, settings } = deps;

  const digestsOf = ({ purpose, accountId, contact, browser }: CodeHolder, code: string): Buffer[] =>
    keyring.digests(DIGEST, `${purpose} ${accountId} ${browser} ${contact.key} ${code}`);

  /** Counts the message and returns its refund; undefined when this browser was sent one moments ago. */
  async function consumeLimits({
    purpose,
    accountId,
    contact,
    browser,
    address,
  }: ContactCodeRequest): Promise<MessageRefund | undefined> {
    return consumeUnlessAsked(
      deps,
      `code asked by ${browser} for ${purpose} ${accountId} ${contact.kind}`,
      () =>
        contact.kind === 'mobile'
          ? consumeSendLimits(deps, contact.key, { address })
          : consumeMailLimits(deps, contact.key, { address }, { isAnyone: false }),
    );
  }

  async function post(outbox: Outbox, request: ContactCodeRequest, code: string, reference: string) {
    const { purpose, accountId, contact, to, locale } = request;
    const values = { code, reference, minutes: String(minutesOf(settings.lifetime)) };
    const message = {
      kind: `code-${purpose}` as const,
      lifetimeSeconds: settings.lifetime,
      ...{ accountId, to, locale, values },
    };
    if (contact.kind === 'mobile') await outbox.add({ ...message, channel: 'sms' });
    else await outbox.add({ ...message, ...request.reader, channel: 'mail', isCounted: true });
  }

  return {
    async send(request) {
      const { purpose, contact, browser, address } = request;
      const isMobile = contact.kind === 'mobile';
      requireChannel(channels, isMobile ? 'sms' : 'mail');
      const refund = await consumeLimits(request);
      if (!refund) return undefined;
      const [code, reference] = [newCode(), newReference()];
      const [digest] = digestsOf(request, code);
      const send = () =>
        transaction(db, async (tx) => {
          await replaceCode(tx, {
            mobile: contact.key,
            prefix: isMobile ? prefixOf(contact.key) : null,
            digest: digest as Buffer,
            purposes: [purpose],
            browser: keyring.digest(BROWSER, browser),
            network: networkDigest(keyring, address),
            lifetime: settings.lifetime,
          });
          await post(deps.outbox(tx), request, code, reference);
        });
      await sendCounted(refund, send);
      return { reference, expiresIn: settings.lifetime, resendAfter: settings.resendAfter };
    },

    async use(holder, typed) {
      const code = parseCode(typed);
      const waiting = code === undefined ? undefined : await waitingCode(db, holder.contact.key);
      if (code === undefined || !waiting?.purposes.includes(holder.purpose)) return false;
      const row = await consumeAttempt(db, waiting.id, 'tries', settings.triesPerCode);
      if (!row) return false;
      const isRight = digestsOf(holder, code).some((digest) => timingSafeEqual(digest, row.digest));
      return isRight && claimCode(db, row.id);
    },
  };
}
