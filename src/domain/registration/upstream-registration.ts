import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Violation } from '../../errors/violations.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account } from '../accounts/account.ts';
import { nationalIds } from '../accounts/national-ids.ts';
import { contacts, type NewContact } from '../contacts/contacts.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Locale } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { OneTimeCodes } from '../one-time-codes/one-time-codes.ts';
import type { Counters } from '../rate-limits/counters.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { EmailLinks } from '../settings/email-links.ts';
import type { UpstreamLinks } from '../settings/upstream-links.ts';
import type { UpstreamIdentity } from '../upstream/connector.ts';
import type { UpstreamProvider } from '../upstream/providers.ts';
import type { Transactions } from '../upstream/transactions.ts';
import { parseEmail } from '../values/email.ts';
import { refuseTaken } from './taken-identities.ts';

/** A person who is authenticated by a provider and registers; every member has been validated. */
export interface UpstreamCustomer {
  provider: UpstreamProvider;
  /** `id` is that of the transaction that proved the identity. */
  person: { id: Buffer; identity: UpstreamIdentity };
  /** E.164 and its code, if the deployment requires a mobile. */
  mobile?: { mobile: string; code: string } | undefined;
  /** Verified if the provider has verified it. */
  email?: { value: string; key: string } | undefined;
  titleId?: number | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  /** `YYYY-MM-DD`. */
  birthDate?: string | undefined;
  nationalId?: string | undefined;
  registerClientId?: string | undefined;
  locale: Locale;
  origin: Origin;
}

export interface UpstreamRegistration {
  /**
   * Returns the account that has proved the address that a trusted provider states for the person. The person must sign
   * in to it, because an address alone links nothing. Returns undefined if there is none, or if the provider does not
   * vouch for the address.
   */
  ownerOfEmail(identity: UpstreamIdentity): Promise<number | undefined>;
  /**
   * Creates the account with its link, at most one per person. Throws `CODE_WRONG`, `Violations` of taken identities,
   * `TOO_MANY_ATTEMPTS`, `BINDING_TAKEN` when the person has an account by now, and `INTERACTION_EXPIRED` when the
   * proof was used up.
   */
  register(customer: UpstreamCustomer): Promise<Account>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  counters: Counters;
  refusals: Pick<Refusals, 'note' | 'ofLimits'>;
  codes: OneTimeCodes;
  /** Accounts in a given transaction. */
  lifecycleIn: (db: Db) => Pick<Lifecycle, 'create'>;
  emailLinks: Pick<EmailLinks, 'sendVerification'>;
  links: Pick<UpstreamLinks, 'add'>;
  transactions: Pick<Transactions, 'end'>;
  outbox: (db: Db) => Outbox;
}

export function upstreamRegistration(deps: Deps): UpstreamRegistration {
  const { db, keyring, codes } = deps;

  async function taken({ email, nationalId }: UpstreamCustomer): Promise<Violation[]> {
    const owner = email && (await contacts({ db }).owner('email', email.key));
    const person = nationalId && (await nationalIds({ db, keyring }).find(nationalId));
    return [
      ...(person ? [{ field: 'thaiId', code: 'NATIONAL_ID_TAKEN' as const }] : []),
      ...(owner ? [{ field: 'email', code: 'CONTACT_TAKEN' as const }] : []),
    ];
  }

  /** Checks the code first: without a right one, nothing reveals who is registered. */
  async function admitted(customer: UpstreamCustomer) {
    const { mobile, origin, registerClientId: clientId } = customer;
    const code = mobile && (await codes.check({ ...mobile, purpose: 'register', origin }));
    const holder = mobile && (await contacts({ db }).holder('mobile', mobile.mobile));
    await refuseTaken(deps, { address: origin.address, clientId }, async () => [
      ...(await taken(customer)),
      ...(holder === undefined && !code?.numberTaken
        ? []
        : [{ field: 'mobile', code: 'CONTACT_TAKEN' as const }]),
    ]);
    return code;
  }

  const isVouchedFor = ({ email, person: { identity } }: UpstreamCustomer): boolean =>
    email !== undefined && identity.emailVerified && parseEmail(identity.email ?? '')?.key === email.key;

  const contactsOf = (customer: UpstreamCustomer): NewContact[] => [
    ...(customer.mobile ? [{ kind: 'mobile' as const, value: customer.mobile.mobile, verified: true }] : []),
    ...(customer.email
      ? [{ kind: 'email' as const, value: customer.email.value, verified: isVouchedFor(customer) }]
      : []),
  ];

  const profileOf = ({ firstName, lastName, birthDate, locale, person: { identity } }: UpstreamCustomer) => ({
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(identity.picture === undefined ? {} : { avatar: identity.picture }),
    locale,
  });

  async function greet(tx: Db, { id: accountId }: Account, customer: UpstreamCustomer): Promise<void> {
    const { mobile, locale } = customer;
    if (!mobile) return;
    await deps.outbox(tx).add({
      ...{ channel: 'sms', kind: 'welcome', values: {}, to: mobile.mobile, locale, accountId },
      dedupeKey: `welcome ${accountId}`,
      lifetimeSeconds: DAY_SECONDS,
    });
  }

  return {
    async ownerOfEmail({ email, emailVerified }) {
      const parsed = emailVerified && email !== undefined ? parseEmail(email) : undefined;
      return parsed && contacts({ db }).owner('email', parsed.key);
    },
    async register(customer) {
      const { provider, person, registerClientId } = customer;
      const code = await admitted(customer);
      return transaction(db, async (tx) => {
        if (!(await deps.transactions.end(tx, person.id))) throw new AppError('INTERACTION_EXPIRED');
        if (code) await codes.use(tx, code);
        const account = await deps.lifecycleIn(tx).create({
          contacts: contactsOf(customer),
          ...(customer.nationalId ? { nationalId: customer.nationalId } : {}),
          ...(customer.titleId === undefined ? {} : { titleId: customer.titleId }),
          registerChannel: 'WEB',
          accepted: { channel: 'pages', language: customer.locale },
          ...(registerClientId ? { registerClientId } : {}),
          profile: profileOf(customer),
        });
        await deps.links.add(tx, account.id, { provider, identity: person.identity });
        await greet(tx, account, customer);
        if (customer.email && !isVouchedFor(customer))
          await deps.emailLinks.sendVerification(tx, account, customer.origin.address);
        return account;
      });
    },
  };
}
