import type { RecordTries } from '../../storage/record-tries.ts';
import type { Clients } from '../clients/clients.ts';
import { decryptMobile } from '../clients/encrypted-mobile.ts';
import type { Contacts } from '../contacts/contacts.ts';
import { parseMobile } from '../values/mobile.ts';

/** The number of wrong mobile numbers that use up a code. */
const WRONG_NUMBERS = 5;
/** Parsed and looked up in place of text that is not a number, so that it takes the same time. */
const DECOY = '+66800000000';

export interface SentMobile {
  clientId: string;
  /** `recordId('AuthorizationCode', …)` of the code that is exchanged. */
  codeRecord: string;
  /** The account that the code was issued for. */
  accountId: number;
  /** In the format of `encryptMobile`. */
  encrypted: string;
}

export interface MobileChecks {
  /**
   * Returns whether the number is a verified mobile of the account: `wrong` for every reason that it is not, in the
   * same time, and `spent` once five were wrong for this code.
   */
  check(sent: SentMobile): Promise<'right' | 'wrong' | 'spent'>;
}

interface Deps {
  clients: Pick<Clients, 'validSecrets'>;
  contacts: Pick<Contacts, 'owner'>;
  tries: RecordTries;
  /** ISO 3166-1 codes of the countries whose mobiles are accepted. */
  countries: readonly string[];
}

/** Checks the mobile number that binds the exchange of an authorization code to the person who signed in. */
export function mobileChecks({ clients, contacts, tries, countries }: Deps): MobileChecks {
  /** Returns the number in E.164. A client that rotates its key has two for a while; each of them is tried. */
  function read(keys: readonly string[], encrypted: string): string | undefined {
    const readings = keys.map((key) => parseMobile(decryptMobile(key, encrypted) ?? '', { countries }));
    const mobile = readings.find((reading) => reading !== undefined);
    if (mobile === undefined) parseMobile(DECOY, { countries });
    return mobile;
  }

  return {
    async check({ clientId, codeRecord, accountId, encrypted }) {
      const keys = await clients.validSecrets(clientId, 'mobile_key');
      // an error of the operator, not of the partner: it must not use up the code
      if (keys.length === 0) throw new Error(`client ${clientId} has no mobile key`);
      if (!(await tries.take(codeRecord, WRONG_NUMBERS))) return 'spent';
      const mobile = read(keys, encrypted);
      const owner = await contacts.owner('mobile', mobile ?? DECOY);
      if (mobile === undefined || owner !== accountId) return 'wrong';
      // a right number costs no attempt, so that a request that fails for another reason can be sent again
      await tries.refund(codeRecord);
      return 'right';
    },
  };
}
