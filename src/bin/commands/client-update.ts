import type { Command } from 'commander';
import type { ClientMetadata } from '../../domain/clients/client.ts';
import { editClient } from '../../oidc/library/client-registration.ts';
import { resourceServers } from '../../oidc/scopes/resource-servers.ts';
import { fields } from '../kit/answer.ts';
import { readMetadata, withClientOptions } from '../kit/client-option-list.ts';
import { type ClientOptions, metadataOf } from '../kit/client-options.ts';
import { commandProvider } from '../kit/command-provider.ts';
import { usage } from '../kit/failure.ts';
import { collect } from '../kit/option-values.ts';
import { registrationFailure } from '../kit/registration-failure.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

interface UpdateOptions extends ClientOptions {
  metadata?: string;
  addRedirectUri?: string[];
  removeRedirectUri?: string[];
  dryRun?: boolean;
}

/**
 * Returns the redirect URIs after additions and removals. Throws a usage error for a removed URI that is not
 * registered.
 */
function redirectUris(
  before: ClientMetadata,
  { addRedirectUri = [], removeRedirectUri = [] }: UpdateOptions,
) {
  const present = before.redirect_uris ?? [];
  const missing = removeRedirectUri.filter((uri) => !present.includes(uri));
  if (missing.length > 0) throw usage(`Not a redirect URI of this client: ${missing.join(', ')}`);
  return [...new Set([...present, ...addRedirectUri])].filter((uri) => !removeRedirectUri.includes(uri));
}

/** `client update`. */
export const clientUpdateCommand = (setting: Setting): Command =>
  withClientOptions(
    subcommand({
      name: 'update <id>',
      description: 'changes a registration; ends only tokens that it no longer allows',
      example: 'client update my-app --add-redirect-uri https://app.example.com/cb2',
    }),
  )
    .option('--add-redirect-uri <uri>', 'one more redirect URI (repeatable)', collect)
    .option('--remove-redirect-uri <uri>', 'a redirect URI to remove (repeatable)', collect)
    .option('--dry-run', 'changes nothing, and shows how many tokens would end')
    .action(
      working(setting, async (context, id: string, options: UpdateOptions) => {
        const { config, domain } = context;
        const given = metadataOf(options, await readMetadata(options.metadata));
        const editsUris = options.addRedirectUri !== undefined || options.removeRedirectUri !== undefined;
        if (editsUris && given.redirect_uris !== undefined)
          throw usage(
            '--redirect-uri replaces all of them. Do not combine it with --add- or --remove-redirect-uri.',
          );
        if (!editsUris && Object.keys(given).length === 0)
          throw usage('Nothing to change: no option was given.');
        const provider = await commandProvider(context);
        const deps = { provider, clients: domain.clients, resources: resourceServers(config) };
        const patch = (before: ClientMetadata) =>
          editsUris ? { ...given, redirect_uris: redirectUris(before, options) } : given;
        const { metadata, effects, secrets } = await editClient(deps, {
          id,
          patch,
          dryRun: options.dryRun === true,
        }).catch((error: unknown) => {
          throw registrationFailure(error);
        });
        const { secret, api_key, mobile_key } = secrets;
        const made = { client_secret: secret, api_key, mobile_key };
        const done = options.dryRun ? 'Nothing was changed' : `Client '${id}' has been changed`;
        const shown =
          Object.keys(secrets).length > 0 ? `\n${fields(made)}\nSecrets are shown only once.` : '';
        return {
          data: { ...metadata, ...made, effects },
          text: `${done}. Tokens that end: ${effects.tokens}.${shown}`,
        };
      }),
    );
