import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { type ClientMetadata, type SecretKind, withDefaults } from '../../domain/clients/client.ts';
import { hasSecret, NEW_SECRET } from '../../domain/clients/new-secrets.ts';
import { fields } from '../kit/answer.ts';
import { type ClientOptions, metadataOf } from '../kit/client-metadata.ts';
import { checkMetadata, clientProvider } from '../kit/client-provider.ts';
import type { CommandContext } from '../kit/command-context.ts';
import { usage } from '../kit/failure.ts';
import { collect, positiveInteger, words } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

const SECRET_KINDS = Object.keys(NEW_SECRET) as SecretKind[];

async function readMetadata(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch(() => {
    throw usage(`The file '${file}' cannot be read.`);
  });
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // said below, as for JSON that is no object
  }
  throw usage(`The file '${file}' is not a JSON object.`);
}

/** The secrets that a client of this registration needs, new ones. */
const newSecrets = (metadata: ClientMetadata): Partial<Record<SecretKind, string>> =>
  Object.fromEntries(
    SECRET_KINDS.filter((kind) => hasSecret(metadata, kind)).map((kind) => [kind, NEW_SECRET[kind]()]),
  );

/** A default that is no resource of this server would fail every request of the client. */
function checkResource({ config }: CommandContext, { default_resource: uri }: ClientMetadata): void {
  if (uri === undefined || config.resources.some(({ identifier }) => identifier === uri)) return;
  throw usage(`The resource '${uri}' is not one of the setting 'resources'.`);
}

/** Likewise a scope that no resource has. */
function checkProgramScope(
  { config }: CommandContext,
  { client_credentials_scope: given }: ClientMetadata,
): void {
  const known = new Set(config.resources.flatMap(({ scopes }) => scopes));
  const unknown = given?.split(' ').filter((scope) => scope !== '' && !known.has(scope)) ?? [];
  if (unknown.length > 0)
    throw usage(
      `--client-credentials-scope: no resource of the setting 'resources' has ${unknown.join(', ')}.`,
    );
}

function withOptions(command: Command): Command {
  return command
    .option('--id <id>', 'client_id; made when absent')
    .option('--name <name>', 'client_name: what people read on the pages')
    .option('--redirect-uri <uri>', 'where a sign-in may end (again for more)', collect)
    .option('--post-logout-redirect-uri <uri>', 'where a logout may end (again for more)', collect)
    .option('--grant-type <type>', 'authorization_code, refresh_token, … (again for more)', collect)
    .option('--scope <scopes>', 'what it may ask for, separated by white space', words)
    .option('--auth-method <method>', 'token_endpoint_auth_method, such as client_secret_post')
    .option('--public', 'has no secret: a single-page app, with PKCE')
    .option('--native', 'an app on a phone or computer: own schemes, loopback with any port, no secret, PKCE')
    .option(
      '--client-credentials-scope <scopes>',
      'scopes of resource servers that it gets without a person',
      words,
    )
    .option('--first-party', 'ours: needs no consent and may be granted the scope global')
    .addOption(
      new Option('--channel <channel>', 'which app a sign-in counts for').choices(['app', 'web', 'stb']),
    )
    .option('--number <number>', 'the number that partners know it by', positiveInteger)
    .option('--partner', 'calls the Partners API: a decimal id, an API key and a key for mobile numbers')
    .option('--binding <provider>', 'whose bindings it may write (again for more)', collect)
    .option('--resource <uri>', 'a resource server that it is (again for more)', collect)
    .option('--default-resource <uri>', 'the resource of requests that name none')
    .option('--no-scope-claims-in-id-token', 'tells the claims of scopes at userinfo only')
    .option('--reset-uri <uri>', 'where a mailed password reset may lead (again for more)', collect)
    .option('--activate-uri <uri>', 'where a mailed activation may lead (again for more)', collect)
    .option('--logo-uri <uri>', 'logo on the pages')
    .option('--policy-uri <uri>', 'privacy policy')
    .option('--tos-uri <uri>', 'terms of service')
    .option('--backchannel-logout-uri <uri>', 'hears of ended sessions')
    .option('--jwks-uri <uri>', "the client's own public keys")
    .addOption(
      new Option('--subject-type <type>', 'the same sub for all, or one a sector').choices([
        'public',
        'pairwise',
      ]),
    )
    .option('--rotate-refresh-tokens', 'each refresh token works once (public clients: always)')
    .option('--metadata <file>', 'a JSON file with any other metadata; options win over it');
}

export const clientCreateCommand = (setting: Setting): Command =>
  withOptions(
    subcommand({
      name: 'create',
      description: 'registers a client; its secrets are shown once',
      example:
        'client create --id my-app --name "My app" --redirect-uri https://app.example.com/cb --scope "openid profile email"',
    }),
  ).action(
    working(setting, async (place, options: ClientOptions & { metadata?: string }) => {
      const metadata = withDefaults(metadataOf(options, await readMetadata(options.metadata)));
      checkResource(place, metadata);
      checkProgramScope(place, metadata);
      const secrets = newSecrets(metadata);
      const { secret, api_key, mobile_key } = secrets;
      // with a secret in any case: an unknown method is then refused by its name, not for the secret it lacks
      checkMetadata(await clientProvider(place), {
        ...metadata,
        client_secret: secret ?? NEW_SECRET.secret(),
      });
      await place.domain.clients.create(metadata, secrets);
      const made = { client_secret: secret, api_key, mobile_key };
      const shown = Object.values(secrets).length > 0 ? '\nSecrets are shown this once: keep them now.' : '';
      return {
        data: { ...metadata, ...made },
        text: `${fields({ client_id: metadata.client_id, ...made })}${shown}`,
      };
    }),
  );
