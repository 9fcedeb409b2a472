import { mainContact } from '../../domain/accounts/account.ts';
import type { OwnProfile, WantedProfile } from '../../domain/settings/profile-change.ts';
import type { Subscription, SubscriptionChannel } from '../../domain/subscriptions/subscription.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import { profileName } from '../../domain/values/person-name.ts';

type WireSubscription = string | { topic: string; channel?: SubscriptionChannel | null };

/** Returns the profile, with members in the order that clients expect. Values that were never given are null. */
export function profile({ account, subscriptions, pendingEmail }: OwnProfile): Record<string, unknown> {
  const given = account.profile;
  const mobile = mainContact(account, 'mobile')?.value;
  return {
    address: given.address,
    mobile: mobile ? nationalMobile(mobile) : null,
    phone: given.phone,
    name: profileName(given),
    country: given.country,
    address_town: given.addressTown,
    address_postcode: given.addressPostcode,
    email: mainContact(account, 'email')?.value ?? null,
    id: String(account.id),
    subscriptions: subscriptions.map(({ topic, channel }) => (channel ? { topic, channel } : topic)),
    address_region: given.addressRegion,
    ...(pendingEmail === null ? {} : { pending_email: pendingEmail }),
  };
}

/** The members of a change that have a different name in the domain. */
const MEMBERS: Readonly<Record<string, string>> = {
  address_town: 'addressTown',
  address_postcode: 'addressPostcode',
  address_region: 'addressRegion',
  pending_email: 'pendingEmail',
  otpNumber: 'code',
  current_password: 'currentPassword',
};

const FIELDS = new Map(Object.entries(MEMBERS).map(([member, field]) => [field, member]));

/** Returns the name of a domain field in this API. */
export const memberOf = (field: string): string => FIELDS.get(field) ?? field;

const subscriptionOf = (given: WireSubscription): Subscription =>
  typeof given === 'string' ? { topic: given, channel: null } : { channel: null, ...given };

/** Returns a change with the names of the domain. The contract has checked types and names. */
export function wantedProfile(body: unknown): { wanted: WantedProfile; currentPassword?: string } {
  const {
    subscriptions,
    current_password: currentPassword,
    otpNumber: code,
    ...members
  } = (body ?? {}) as Record<string, unknown>;
  const named = Object.entries(members).map(([member, value]) => [MEMBERS[member] ?? member, value]);
  const list = subscriptions as WireSubscription[] | null | undefined;
  return {
    wanted: {
      ...Object.fromEntries(named),
      ...(list === undefined ? {} : { subscriptions: list?.map(subscriptionOf) ?? null }),
      ...(typeof code === 'string' ? { code } : {}),
    },
    ...(typeof currentPassword === 'string' ? { currentPassword } : {}),
  };
}
