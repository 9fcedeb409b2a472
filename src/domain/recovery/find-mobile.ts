import { addressKey } from '../../lib/addresses.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../../lib/durations.ts';
import { equaliseTiming } from '../../lib/equalised-timing.ts';
import { isTrusted, mainContact } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { type Identifier, identifierOrText, type OtherText } from '../identifiers/identifier.ts';
import type { Identifiers } from '../identifiers/identifiers.ts';
import { type Channels, requireChannel } from '../messages/channels.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll, type Limit } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { maskMobile, nationalMobile } from '../values/mobile.ts';

export interface FindMobile {
  /**
   * Returns the mobile number behind a mobile, an e-mail, a national ID or a card number. It is masked, and made up if
   * there is none, so that neither the response nor its time proves anything. A mobile is returned as it was given, and
   * `reveal` returns the whole number. Throws `TOO_MANY_ATTEMPTS`, and `SMS_UNAVAILABLE` where no code could be sent to
   * it.
   */
  find(search: { identifier: string; address: string; reveal: boolean }): Promise<string>;
}

interface Deps {
  channels: Channels;
  digest: LastingDigest;
  counters: Counters;
  accounts: Pick<Accounts, 'find'>;
  identifiers: Pick<Identifiers, 'accountId'>;
  refusals: Pick<Refusals, 'ofLimits'>;
}

const PER_ADDRESS = 10;
const PER_IDENTIFIER = 5;

export function findMobile({
  channels,
  digest,
  counters,
  accounts,
  identifiers,
  refusals,
}: Deps): FindMobile {
  /** Returns a made-up mask, which is always the same for the same identifier; the digits come from a keyed hash. */
  function madeUp({ kind, key }: Identifier | OtherText): string {
    const made = digest('made-up mobile', `${kind} ${key}`);
    const last = String(made.readUInt32BE(0) % 10_000).padStart(4, '0');
    const leads = ['06', '08', '09'];
    return maskMobile(`+66${leads[made.readUInt8(4) % leads.length]?.slice(1)}000${last.padStart(5, '0')}`);
  }

  /** Returns the number that a code can be sent to; a code to any other recovers nothing. */
  async function mobileOf(named: Identifier | OtherText): Promise<string | undefined> {
    const id = await identifiers.accountId(named);
    const account = id === undefined ? undefined : await accounts.find(id);
    const mobile = account && mainContact(account, 'mobile');
    return mobile && isTrusted(mobile) ? mobile.value : undefined;
  }

  return {
    async find({ identifier, address, reveal }) {
      requireChannel(channels, 'sms');
      // normalised, because a made-up mask that depended on the spelling could be distinguished from a real one
      const named = identifierOrText(identifier);
      const limits: Limit[] = [
        {
          name: `find mobile address ${addressKey(address)}`,
          limit: PER_ADDRESS,
          windowSeconds: HOUR_SECONDS,
          label: 'find_mobile_address',
        },
        {
          name: `find mobile ${named.kind} ${named.key}`,
          limit: PER_IDENTIFIER,
          windowSeconds: DAY_SECONDS,
          label: 'find_mobile',
        },
      ];
      await refusals.ofLimits(
        async () => ({ event: 'recovery.refused', accountId: await identifiers.accountId(named) }),
        { subject: `${named.kind} ${named.key}`, address },
        () => consumeAll(counters, limits),
      );
      if (named.kind === 'mobile') return nationalMobile(named.key);
      const mobile = await equaliseTiming(() => mobileOf(named));
      if (mobile === undefined) return madeUp(named);
      return reveal ? nationalMobile(mobile) : maskMobile(mobile);
    },
  };
}
