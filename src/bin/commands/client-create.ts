import type { Command } from 'commander';
import type { ClientMetadata } from '../../domain/clients/client.ts';
import { registerClient } from '../../oidc/library/client-registration.ts';
import { resourceServers } from '../../oidc/scopes/resource-servers.ts';
import { fields } from '../kit/answer.ts';
import { readMetadata, withClientOptions } from '../kit/client-option-list.ts';
import { type ClientOptions, metadataOf } from '../kit/client-options.ts';
import type { CommandContext } from '../kit/command-context.ts';
import { commandProvider } from '../kit/command-provider.ts';
import { registrationFailure } from '../kit/registration-failure.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

async function register(
  context: CommandContext,
  given: Partial<ClientMetadata>,
): ReturnType<typeof registerClient> {
  const { config, domain } = context;
  const provider = await commandProvider(context);
  try {
    return await registerClient(
      { provider, clients: domain.clients, resources: resourceServers(config) },
      given,
    );
  } catch (error) {
    throw registrationFailure(error);
  }
}

export const clientCreateCommand = (setting: Setting): Command =>
  withClientOptions(
    subcommand({
      name: 'create',
      description: 'registers a client; its secrets are shown once',
      example:
        'client create --id my-app --name "My app" --redirect-uri https://app.example.com/cb --scope "openid profile email"',
    }),
  )
    .option('--id <id>', 'client_id; generated when omitted')
    .action(
      working(setting, async (context, options: ClientOptions & { metadata?: string }) => {
        const given = metadataOf(options, await readMetadata(options.metadata));
        const { metadata, secrets } = await register(context, given);
        const { secret, api_key, mobile_key } = secrets;
        const made = { client_secret: secret, api_key, mobile_key };
        const shown =
          Object.values(secrets).length > 0 ? '\nSecrets are shown only once. Save them now.' : '';
        return {
          data: { ...metadata, ...made },
          text: `${fields({ client_id: metadata.client_id, ...made })}${shown}`,
        };
      }),
    );
