import type { Configuration } from 'oidc-provider';

/** The claims of each scope: those of OpenID Connect Core §5.4, and Pratu's own for clients that may have them. */
export const claims: NonNullable<Configuration['claims']> = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: [
    'name',
    'given_name',
    'family_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  thai_id: ['thai_id'],
  roles: ['roles'],
  iss: null,
  sid: null,
};
