// Turns an export into rows of an import: node docs/examples/import/rows.js keycloak|auth0|firebase|logto|django FILE [HASHES]
import { readFileSync } from 'node:fs';

const time = (value) => value && new Date(value).toISOString();

/** Links to other providers, by their IDs in the setting `upstream`; Facebook's have a name of their own. */
const bindings = (links) =>
  links.map(([id, person]) => ({ provider: id === 'facebook' ? id : `upstream:${id}`, external_id: person }));

const FIREBASE_PROVIDERS = { 'google.com': 'google', 'apple.com': 'apple', 'facebook.com': 'facebook' };
const AUTH0_PROVIDERS = { 'google-oauth2': 'google' };

const FORMATS = {
  keycloak: ([{ users }]) =>
    users.map((user) => {
      const password = user.credentials?.find(({ type }) => type === 'password');
      const { phoneNumber: [mobile] = [], phoneNumberVerified: [verified] = [] } = user.attributes ?? {};
      return {
        external_id: user.id,
        email: user.email,
        email_verified: user.emailVerified,
        mobile,
        mobile_verified: mobile && verified === 'true',
        given_name: user.firstName,
        family_name: user.lastName,
        preferred_username: user.username.includes('@') ? undefined : user.username,
        status: user.enabled ? 'active' : 'suspended',
        created_at: time(user.createdTimestamp),
        password_hash:
          password &&
          JSON.stringify({ secretData: password.secretData, credentialData: password.credentialData }),
        bindings: bindings((user.federatedIdentities ?? []).map((one) => [one.identityProvider, one.userId])),
      };
    }),
  auth0: (users, hashes = []) => {
    const hashOf = new Map(hashes.flat().map((one) => [`auth0|${one._id.$oid}`, one.passwordHash]));
    return users.flat().map((user) => ({
      external_id: user.user_id,
      email: user.email,
      email_verified: user.email_verified,
      mobile: user.phone_number,
      mobile_verified: user.phone_number && user.phone_verified,
      given_name: user.given_name,
      family_name: user.family_name,
      status: user.blocked ? 'suspended' : 'active',
      created_at: time(user.created_at),
      password_hash: hashOf.get(user.user_id),
      bindings: bindings(
        user.identities
          .filter(({ isSocial }) => isSocial)
          .map((one) => [AUTH0_PROVIDERS[one.provider] ?? one.provider, String(one.user_id)]),
      ),
    }));
  },
  firebase: ([{ users }]) =>
    users.map((user) => ({
      external_id: user.localId,
      email: user.email,
      email_verified: user.emailVerified,
      mobile: user.phoneNumber,
      mobile_verified: Boolean(user.phoneNumber),
      status: user.disabled ? 'suspended' : 'active',
      created_at: time(Number(user.createdAt)),
      password_hash: user.passwordHash && `$fbscrypt$${user.salt}$${user.passwordHash}`,
      bindings: bindings(
        (user.providerUserInfo ?? [])
          .filter(({ providerId }) => providerId in FIREBASE_PROVIDERS)
          .map((one) => [FIREBASE_PROVIDERS[one.providerId], one.rawId]),
      ),
    })),
  logto: (users) =>
    users.flat().map((user) => ({
      external_id: user.id,
      email: user.primary_email,
      email_verified: Boolean(user.primary_email),
      mobile: user.primary_phone && `+${user.primary_phone}`,
      mobile_verified: Boolean(user.primary_phone),
      given_name: user.profile?.givenName,
      family_name: user.profile?.familyName,
      preferred_username: user.username,
      status: user.is_suspended ? 'suspended' : 'active',
      created_at: time(user.created_at),
      // without a salt of its own, a hash is as good as the password: those people choose a new one
      password_hash: /^(Argon2|Bcrypt)/.test(user.password_encryption_method ?? '')
        ? user.password_encrypted
        : undefined,
      bindings: bindings(Object.entries(user.identities ?? {}).map(([id, { userId }]) => [id, userId])),
    })),
  django: ([objects]) =>
    objects.map(({ pk, fields }) => ({
      external_id: `django-${pk}`,
      email: fields.email,
      given_name: fields.first_name,
      family_name: fields.last_name,
      status: fields.is_active ? 'active' : 'suspended',
      created_at: fields.date_joined,
      password_hash: fields.password.startsWith('!') ? undefined : fields.password,
    })),
};

/** The JSON values of a file: one in all, or one in each line. */
function valuesOf(file) {
  const text = readFileSync(file, 'utf8');
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
  }
}

const [format, ...files] = process.argv.slice(2);
if (!Object.hasOwn(FORMATS, format) || files.length === 0) {
  process.stderr.write(`Usage: rows.js ${Object.keys(FORMATS).join('|')} FILE [HASHES]\n`);
  process.exit(2);
}
for (const row of FORMATS[format](...files.map(valuesOf))) process.stdout.write(`${JSON.stringify(row)}\n`);
