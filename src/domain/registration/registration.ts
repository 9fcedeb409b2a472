import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Violation } from '../../errors/violations.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account, RegisterChannel } from '../accounts/account.ts';
import { nationalIds } from '../accounts/national-ids.ts';
import type { ConsentChannel } from '../consent-records/consent-record.ts';
import { contacts, type NewContact } from '../contacts/contacts.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { PasswordPolicy, PersonalContext } from '../credentials/password-policy.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Locale } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { OneTimeCodes, RightCode } from '../one-time-codes/one-time-codes.ts';
import type { Counters } from '../rate-limits/counters.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { EmailLinks } from '../settings/email-links.ts';
import { refuseTaken } from './taken-identities.ts';

/** The details of a person who registers; every member has been validated. */
export interface NewCustomer {
  /** E.164; proved by the code. */
  mobile: string;
  code: string;
  /** Pages can allow registration without one; every API requires it. */
  nationalId?: string | undefined;
  email?: { value: string; key: string } | undefined;
  /** Undefined for a person who will create a passkey; every API requires one. */
  password?: string | undefined;
  firstName: string;
  lastName: string;
  /** `YYYY-MM-DD`. */
  birthDate: string;
  titleId: number;
  registerChannel: RegisterChannel;
  /** The surface on which the terms were accepted. */
  acceptedOn: ConsentChannel;
  registerClientId?: string | undefined;
  locale: Locale;
  /** The origin of the request, for the limits of guesses at the code and of reports that an identity is taken. */
  origin: Origin;
}

export interface Registration {
  /**
   * Checks that registration would succeed now, without using up the code. Throws `CODE_WRONG` before anything reveals
   * who is registered, then `Violations` of taken identities, `TOO_MANY_ATTEMPTS`.
   */
  check(customer: NewCustomer): Promise<void>;
  /**
   * Creates the account with its card, and sends one welcome and one mail to verify the address. Throws as `check`
   * does.
   */
  register(customer: NewCustomer): Promise<Account>;
  /** Returns the reason that the policy rejects a password, if any. */
  passwordProblem: PasswordPolicy;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  counters: Counters;
  refusals: Pick<Refusals, 'note' | 'ofLimits'>;
  codes: OneTimeCodes;
  credentials: (db: Db) => Credentials;
  policy: PasswordPolicy;
  /** Accounts in a given transaction. */
  lifecycleIn: (db: Db) => Pick<Lifecycle, 'create'>;
  emailLinks: EmailLinks;
  outbox: (db: Db) => Outbox;
}

const WELCOME_SECONDS = DAY_SECONDS;

const personal = ({ firstName, lastName, email, mobile, nationalId }: NewCustomer): PersonalContext => ({
  names: [firstName, lastName],
  emails: email ? [email.value] : [],
  mobiles: [mobile],
  ...(nationalId ? { nationalId } : {}),
});

export function registration(deps: Deps): Registration {
  const { db, keyring, codes } = deps;

  async function taken({ mobile, nationalId, email }: NewCustomer, code: RightCode): Promise<Violation[]> {
    const [holder, owner, person] = await Promise.all([
      contacts({ db }).holder('mobile', mobile),
      email && contacts({ db }).owner('email', email.key),
      nationalId && nationalIds({ db, keyring }).find(nationalId),
    ]);
    return [
      ...(person === undefined ? [] : [{ field: 'thaiId', code: 'NATIONAL_ID_TAKEN' as const }]),
      ...(owner === undefined ? [] : [{ field: 'email', code: 'CONTACT_TAKEN' as const }]),
      ...(holder === undefined && !code.numberTaken
        ? []
        : [{ field: 'mobile', code: 'CONTACT_TAKEN' as const }]),
    ];
  }

  /** Checks the code first: without a right one, nothing reveals who is registered. */
  async function admitted(customer: NewCustomer): Promise<RightCode> {
    const code = await codes.check({ ...customer, purpose: 'register' });
    const { origin, registerClientId: clientId } = customer;
    await refuseTaken(deps, { address: origin.address, clientId }, () => taken(customer, code));
    return code;
  }

  const contactsOf = ({ mobile, email }: NewCustomer): NewContact[] => [
    { kind: 'mobile', value: mobile, verified: true },
    ...(email ? [{ kind: 'email' as const, value: email.value, verified: false }] : []),
  ];

  return {
    passwordProblem: deps.policy,
    async check(customer) {
      await admitted(customer);
    },
    async register(customer) {
      const code = await admitted(customer);
      const { password } = customer;
      const passwordHash =
        password === undefined ? undefined : await deps.credentials(db).hash(password, personal(customer));
      return transaction(db, async (tx) => {
        await codes.use(tx, code);
        const account = await deps.lifecycleIn(tx).create({
          ...(passwordHash === undefined ? {} : { passwordHash }),
          contacts: contactsOf(customer),
          ...(customer.nationalId ? { nationalId: customer.nationalId } : {}),
          titleId: customer.titleId,
          registerChannel: customer.registerChannel,
          accepted: { channel: customer.acceptedOn, language: customer.locale },
          ...(customer.registerClientId ? { registerClientId: customer.registerClientId } : {}),
          profile: {
            firstName: customer.firstName,
            lastName: customer.lastName,
            birthDate: customer.birthDate,
            locale: customer.locale,
          },
        });
        await deps.outbox(tx).add({
          channel: 'sms',
          kind: 'welcome',
          values: {},
          to: customer.mobile,
          locale: customer.locale,
          accountId: account.id,
          dedupeKey: `welcome ${account.id}`,
          lifetimeSeconds: WELCOME_SECONDS,
        });
        await deps.emailLinks.sendVerification(tx, account, customer.origin.address);
        return account;
      });
    },
  };
}
