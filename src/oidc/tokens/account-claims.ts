import type { AccountClaims } from 'oidc-provider';
import { type Account, mainContact, type Profile } from '../../domain/accounts/account.ts';
import { fullName } from '../../domain/values/person-name.ts';
import { epochSeconds } from '../../lib/clock.ts';

export interface ClaimsContext {
  issuer: string;
  timeZone: string;
  /** First-party clients receive an unverified e-mail address; others do not. */
  firstParty: boolean;
  nationalId?: string | undefined;
  /** Undefined without the scope. */
  roles?: readonly string[] | undefined;
}

const present = (entries: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value != null && value !== ''));

function addressClaim(profile: Profile): Record<string, unknown> | undefined {
  const { address, addressTown, addressRegion, addressPostcode, country } = profile;
  const parts = present({
    street_address: address,
    locality: addressTown,
    region: addressRegion,
    postal_code: addressPostcode,
    country,
  });
  if (Object.keys(parts).length === 0) return undefined;
  const lines = [address, [addressTown, addressRegion, addressPostcode].filter(Boolean).join(' '), country];
  return { formatted: lines.filter(Boolean).join('\n'), ...parts };
}

function contactClaims(account: Account, firstParty: boolean): Record<string, unknown> {
  const email = mainContact(account, 'email');
  const mobile = mainContact(account, 'mobile');
  return {
    ...(email && (email.verified || firstParty)
      ? { email: email.value, email_verified: email.verified }
      : {}),
    ...(mobile ? { phone_number: mobile.value, phone_number_verified: mobile.verified } : {}),
  };
}

/**
 * Returns all data of an account, as standard claims (OpenID Connect Core §5.1). Missing values are omitted; the
 * library discloses to a client only what its scopes and claims parameter allow.
 */
export function accountClaims(account: Account, context: ClaimsContext): AccountClaims {
  const { profile, title } = account;
  const name = fullName(profile.firstName ?? '', profile.lastName ?? '');
  return {
    sub: String(account.id),
    ...present({
      name,
      given_name: profile.firstName,
      family_name: profile.lastName,
      middle_name: profile.middleName,
      nickname: profile.nickname,
      preferred_username: profile.preferredUsername,
      profile: profile.profileUri,
      picture: account.pictureId && `${context.issuer}/pictures/${account.pictureId}`,
      website: profile.websiteUri,
      gender: title?.gender.toLowerCase(),
      birthdate: profile.birthDate,
      zoneinfo: profile.zoneinfo ?? context.timeZone,
      locale: profile.locale,
      updated_at: epochSeconds(account.updatedAt),
      address: addressClaim(profile),
      thai_id: context.nationalId,
      roles: context.roles,
    }),
    ...contactClaims(account, context.firstParty),
  };
}
