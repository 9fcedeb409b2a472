import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { addressKey } from '../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import type { Account, Profile } from '../accounts/account.ts';
import type { FacebookAuthenticator } from '../authenticators/facebook/facebook.ts';
import { bindings } from '../bindings/bindings.ts';
import { contacts } from '../contacts/contacts.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Locations } from '../locations/locations.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll, type Limit } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { EmailLinks } from '../settings/email-links.ts';
import { FACEBOOK_PROVIDER } from '../upstream/binding-name.ts';
import { refuseTaken } from './taken-identities.ts';

type Said = Pick<
  Profile,
  'firstName' | 'lastName' | 'phone' | 'locationId' | 'longitude' | 'latitude' | 'avatar' | 'locale'
>;

/** A registration without a mobile number; every member has been validated. */
export interface NewEmailAccount {
  /** Unverified until its mailed link is confirmed. */
  email: { value: string; key: string };
  password: string;
  profile: Partial<Said> & { firstName: string; locationId: number };
  /** Proves the Facebook user that will sign in to the account. */
  facebookToken?: string | undefined;
  clientId: string;
  /** The caller's address. */
  address: string;
}

export interface EmailRegistration {
  /**
   * Creates an active account with its card, and mails the link that proves the address. Throws `INVALID_LOCATION`, the
   * password policy's codes, `CONTACT_TAKEN` when another account has proved the address, the errors of
   * `FacebookAuthenticator.prove`, `BINDING_TAKEN` for a Facebook user with an account, `TOO_MANY_ATTEMPTS`.
   */
  register(somebody: NewEmailAccount): Promise<Account>;
}

interface Deps {
  db: Db;
  counters: Counters;
  refusals: Pick<Refusals, 'note' | 'ofLimits'>;
  credentials: (db: Db) => Credentials;
  /** Accounts in a given transaction. */
  lifecycleIn: (db: Db) => Pick<Lifecycle, 'create'>;
  locations: Locations;
  facebook: Pick<FacebookAuthenticator, 'prove'>;
  emailLinks: Pick<EmailLinks, 'sendVerification'>;
}

/** Nothing is proved before the account exists, so only the address can be counted. */
const ACCOUNTS_PER_ADDRESS = 100;

export function emailRegistration(deps: Deps): EmailRegistration {
  const { db, counters } = deps;

  const refuseTakenEmail = (somebody: NewEmailAccount): Promise<void> =>
    refuseTaken(deps, somebody, async () => {
      const owner = await contacts({ db }).owner('email', somebody.email.key);
      return owner === undefined ? [] : [{ field: 'email', code: 'CONTACT_TAKEN' }];
    });

  async function userOf({ facebookToken, address }: NewEmailAccount): Promise<string | undefined> {
    if (facebookToken === undefined) return undefined;
    const userId = await deps.facebook.prove({ token: facebookToken, address });
    // avoids the hash; the index decides between concurrent requests
    const holder = await bindings({ db }).holder(FACEBOOK_PROVIDER, userId);
    if (holder !== undefined) throw new AppError('BINDING_TAKEN', { field: 'facebookToken' });
    return userId;
  }

  /** Counts and computes the hash, because hashing is expensive. A password that the policy rejects is not counted. */
  async function hashOf({ password, profile, email, address, clientId }: NewEmailAccount): Promise<string> {
    const names = [profile.firstName, profile.lastName].filter((name) => name != null);
    const name = `accounts by ${addressKey(address)}`;
    const limit: Limit = {
      name,
      limit: ACCOUNTS_PER_ADDRESS,
      windowSeconds: HOUR_SECONDS,
      label: 'registration_address',
    };
    await deps.refusals.ofLimits(
      () => ({ event: 'registration.refused', clientId }),
      { subject: name, address },
      () => consumeAll(counters, [limit]),
    );
    try {
      return await deps.credentials(db).hash(password, { names, emails: [email.value], mobiles: [] });
    } catch (error) {
      await counters.refund(name);
      throw error;
    }
  }

  return {
    async register(somebody) {
      const { email, profile, clientId } = somebody;
      if (!(await deps.locations.has(profile.locationId)))
        throw new AppError('INVALID_LOCATION', { field: 'locationId' });
      await refuseTakenEmail(somebody);
      const facebookUser = await userOf(somebody);
      const passwordHash = await hashOf(somebody);
      return transaction(db, async (tx) => {
        const account = await deps.lifecycleIn(tx).create({
          passwordHash,
          profile,
          contacts: [{ kind: 'email', value: email.value, verified: false }],
          registerClientId: clientId,
          accepted: { channel: 'keys', language: profile.locale?.startsWith('en') ? 'en' : 'th' },
        });
        if (facebookUser !== undefined)
          await bindings({ db: tx }).set(account.id, {
            provider: FACEBOOK_PROVIDER,
            externalId: facebookUser,
            status: '1',
          });
        await deps.emailLinks.sendVerification(tx, account, somebody.address);
        return account;
      });
    },
  };
}
