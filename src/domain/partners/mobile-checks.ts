import type { RecordTries } from '../../storage/record-tries.ts';
import type { Clients } from '../clients/clients.ts';
import { decryptMobile } from '../clients/encrypted-mobile.ts';
import type { Contacts } from '../contacts/contacts.ts';
import { parseMobile } from '../values/mobile.ts';

/** Wrong numbers that use a code up. */
const WRONG_NUMBERS = 5;
/** Is read and looked up in place of what is no number, so that it takes the same time. */
const DECOY = '+66800000000';

export interface SentMobile {
  clientId: string;
  /** `recordId('AuthorizationCode', …)` of the code that is exchanged. */
  codeRecord: string;
  /** The account that the code was issued for. */
  accountId: number;
  /** As `encryptMobile` makes it. */
  encrypted: string;
}

export interface MobileChecks {
  /**
   * Whether the number is a verified mobile of the account: `wrong` for every reason that it is not, in one time, and
   * `spent` once five were wrong for this code.
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

/** The check of a number that binds the exchange of a code to the person behind it. */
export function mobileChecks({ clients, contacts, tries, countries }: Deps): MobileChecks {
  /** The number in E.164. A client that changes its key has two for a while: every one of them is used. */
  function read(keys: readonly string[], encrypted: string): string | undefined {
    const readings = keys.map((key) => parseMobile(decryptMobile(key, encrypted) ?? '', { countries }));
    const mobile = readings.find((reading) => reading !== undefined);
    if (mobile === undefined) parseMobile(DECOY, { countries });
    return mobile;
  }

  return {
    async check({ clientId, codeRecord, accountId, encrypted }) {
      const keys = await clients.validSecrets(clientId, 'mobile_key');
      // the operator's mistake and not the partner's: it must cost no code
      if (keys.length === 0) throw new Error(`client ${clientId} has no mobile key`);
      if (!(await tries.take(codeRecord, WRONG_NUMBERS))) return 'spent';
      const mobile = read(keys, encrypted);
      const owner = await contacts.owner('mobile', mobile ?? DECOY);
      if (mobile === undefined || owner !== accountId) return 'wrong';
      // a right number costs none, so that a request that fails for another reason may be sent again
      await tries.refund(codeRecord);
      return 'right';
    },
  };
}
