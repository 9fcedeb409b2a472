// Prints a command for each application of an export: node docs/examples/import/clients.js keycloak|auth0|logto FILE
import { readFileSync } from 'node:fs';

const KEYCLOAKS_OWN =
  /^(account|account-console|admin-cli|broker|master-realm|realm-management|security-admin-console)$/;
const CODE = ['authorization_code', 'refresh_token'];
const MACHINE = ['client_credentials'];

/** Each format as `{ id, name, kind, grants, redirects, afterLogout }`; the kind is that of the option, if any. */
const FORMATS = {
  keycloak: ({ clients }) =>
    clients
      .filter((client) => !KEYCLOAKS_OWN.test(client.clientId) && !client.bearerOnly && client.enabled)
      .map((client) => ({
        id: client.clientId,
        name: client.name || client.clientId,
        kind: client.publicClient ? 'public' : undefined,
        grants: [
          ...(client.standardFlowEnabled ? CODE : []),
          ...(client.serviceAccountsEnabled ? MACHINE : []),
        ],
        redirects: client.redirectUris,
        afterLogout: client.attributes?.['post.logout.redirect.uris']?.split('##') ?? [],
      })),
  auth0: (clients) =>
    clients
      .filter((client) => !client.global)
      .map((client) => ({
        id: client.client_id,
        name: client.name,
        kind: { spa: 'public', native: 'native' }[client.app_type],
        grants: client.app_type === 'non_interactive' ? MACHINE : CODE,
        redirects: client.callbacks ?? [],
        afterLogout: client.allowed_logout_urls ?? [],
      })),
  logto: (applications) =>
    applications.map((application) => ({
      id: application.id,
      name: application.name,
      kind: { SPA: 'public', Native: 'native' }[application.type],
      grants: application.type === 'MachineToMachine' ? MACHINE : CODE,
      redirects: application.oidcClientMetadata.redirectUris,
      afterLogout: application.oidcClientMetadata.postLogoutRedirectUris,
    })),
};

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Redirect URIs are compared exactly here: a pattern is left out, with a line on standard error. */
const exact = (id, uris) =>
  uris.filter((uri) => {
    const isExact = /^[a-z][a-z0-9+.-]*:[^*]*$/i.test(uri);
    if (!isExact) process.stderr.write(`${id}: ${uri} is no exact URI; add those that it stands for\n`);
    return isExact;
  });

function commandOf({ id, name, kind, grants, redirects, afterLogout }) {
  const options = [
    ['id', id],
    ['name', name],
    ...grants.map((grant) => ['grant-type', grant]),
    ...exact(id, redirects).map((uri) => ['redirect-uri', uri]),
    ...exact(id, afterLogout).map((uri) => ['post-logout-redirect-uri', uri]),
  ];
  const words = options.map(([option, value]) => `--${option} ${quoted(value)}`);
  return ['npm run -s pratu -- client create', ...(kind ? [`--${kind}`] : []), ...words].join(' ');
}

const [format, file] = process.argv.slice(2);
if (!Object.hasOwn(FORMATS, format) || !file) {
  process.stderr.write(`Usage: clients.js ${Object.keys(FORMATS).join('|')} FILE\n`);
  process.exit(2);
}
for (const client of FORMATS[format](JSON.parse(readFileSync(file, 'utf8'))))
  process.stdout.write(`${commandOf(client)}\n`);
