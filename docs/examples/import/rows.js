// Turns an export into rows of an import: node docs/examples/import/rows.js keycloak|firebase|django FILE
import { readFileSync } from 'node:fs';

const time = (milliseconds) => new Date(Number(milliseconds)).toISOString();

const FORMATS = {
  keycloak: ({ users }) =>
    users.map((user) => {
      const password = user.credentials?.find(({ type }) => type === 'password');
      return {
        external_id: user.id,
        email: user.email,
        email_verified: user.emailVerified,
        given_name: user.firstName,
        family_name: user.lastName,
        status: user.enabled ? 'active' : 'suspended',
        created_at: time(user.createdTimestamp),
        password_hash:
          password &&
          JSON.stringify({ secretData: password.secretData, credentialData: password.credentialData }),
      };
    }),
  firebase: ({ users }) =>
    users.map((user) => ({
      external_id: user.localId,
      email: user.email,
      email_verified: user.emailVerified,
      mobile: user.phoneNumber,
      mobile_verified: Boolean(user.phoneNumber),
      status: user.disabled ? 'suspended' : 'active',
      created_at: time(user.createdAt),
      password_hash: user.passwordHash && `$fbscrypt$${user.salt}$${user.passwordHash}`,
    })),
  django: (objects) =>
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

const [format, file] = process.argv.slice(2);
for (const row of FORMATS[format](JSON.parse(readFileSync(file, 'utf8'))))
  process.stdout.write(`${JSON.stringify(row)}\n`);
