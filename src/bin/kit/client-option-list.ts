import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { usage } from './failure.ts';
import { collect, collectJson, keySet, positiveInteger, spaceSeparated } from './option-values.ts';

/**
 * Reads the members of the JSON file given by `--metadata`. Throws a usage error when it is not readable or not an
 * object.
 */
export async function readMetadata(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch(() => {
    throw usage(`Cannot read the file '${file}'.`);
  });
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // reported below, like JSON that is not an object
  }
  throw usage(`The file '${file}' is not a JSON object.`);
}

/** Adds all registration options, for `client create` and `client update`. */
export function withClientOptions(command: Command): Command {
  return command
    .option('--name <name>', 'client_name, which the pages show')
    .option('--redirect-uri <uri>', 'a redirect URI (repeatable)', collect)
    .option('--post-logout-redirect-uri <uri>', 'a URI to return to after a logout (repeatable)', collect)
    .option('--grant-type <type>', 'authorization_code, refresh_token, … (repeatable)', collect)
    .option('--scope <scopes>', 'scopes that it may request, separated by spaces', spaceSeparated)
    .option('--auth-method <method>', 'token_endpoint_auth_method, such as client_secret_post')
    .option('--public', 'a public client without a secret, such as a single-page app; uses PKCE')
    .option('--native', 'a native app: custom schemes, loopback with any port, no secret, PKCE')
    .option(
      '--client-credentials-scope <scopes>',
      'scopes of resource servers for the client credentials grant',
      spaceSeparated,
    )
    .option(
      '--token-exchange <rule>',
      'an exchange that it may make, as JSON (repeatable; RFC 8693)',
      collectJson,
    )
    .option('--first-party', 'a first-party client: needs no consent and may be granted the scope global')
    .addOption(
      new Option('--channel <channel>', 'the kind of app whose last access a sign-in updates').choices([
        'app',
        'web',
        'stb',
      ]),
    )
    .option('--number <number>', 'the number that identifies it to partners', positiveInteger)
    .option(
      '--partner',
      'a partner that calls the Partners API: has a decimal ID, an API key and a mobile key',
    )
    .option('--service-account', 'a program with registered keys that signs assertions (RFC 7523)')
    .option('--binding <provider>', 'a provider whose bindings it may write (repeatable)', collect)
    .option('--allowed-role <role>', 'a role of accounts that the scope roles shows it (repeatable)', collect)
    .option('--resource <uri>', 'a resource server that this client represents (repeatable)', collect)
    .option('--default-resource <uri>', 'the resource of requests without the parameter resource')
    .option('--no-scope-claims-in-id-token', 'returns the claims of scopes at the userinfo endpoint only')
    .option('--reset-uri <uri>', 'a page that mailed password resets may link to (repeatable)', collect)
    .option('--activate-uri <uri>', 'a page that mailed activations may link to (repeatable)', collect)
    .option('--logo-uri <uri>', 'URI of the logo that the pages show')
    .option('--policy-uri <uri>', 'URI of the privacy policy')
    .option('--tos-uri <uri>', 'URI of the terms of service')
    .option('--backchannel-logout-uri <uri>', 'URI that receives back-channel logout tokens')
    .option(
      '--authorization-details-type <type>',
      'a type of authorization details that it may ask for (repeatable)',
      collect,
    )
    .addOption(
      new Option(
        '--backchannel-delivery <mode>',
        'how it learns of the answer to a backchannel authentication request',
      ).choices(['poll', 'ping']),
    )
    .option('--backchannel-notification-endpoint <uri>', 'URI that receives these pings')
    .option('--jwks-uri <uri>', "URI of the client's public keys")
    .option('--jwks <keys>', "the client's public keys themselves: a JSON object, or a file with one", keySet)
    .option('--fapi2', 'a client of FAPI 2.0: pushed requests, signed by PS256, ES256 or EdDSA, bound tokens')
    .addOption(
      new Option('--subject-type <type>', 'one sub for all clients, or one for each sector').choices([
        'public',
        'pairwise',
      ]),
    )
    .option('--rotate-refresh-tokens', 'each refresh token works only once (always so for public clients)')
    .option('--metadata <file>', 'a JSON file with other client metadata; options override it');
}
