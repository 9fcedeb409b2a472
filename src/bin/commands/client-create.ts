import { type Command, Option } from 'commander';
import type { ClientMetadata } from '../../domain/clients/client.ts';
import { registerClient } from '../../oidc/library/client-registration.ts';
import { resourceServers } from '../../oidc/scopes/resource-servers.ts';
import { FRAMEWORKS, linesToPaste, registrationFor, valuesOf } from '../frameworks/frameworks.ts';
import { type Answer, fields } from '../kit/answer.ts';
import { readMetadata, withClientOptions } from '../kit/client-option-list.ts';
import { type ClientOptions, metadataOf } from '../kit/client-options.ts';
import type { CommandContext } from '../kit/command-context.ts';
import { commandProvider } from '../kit/command-provider.ts';
import { usage } from '../kit/failure.ts';
import { registrationFailure } from '../kit/registration-failure.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

/**
 * Registers a client. Throws a `CommandError` that names the options of the command when the registration is refused.
 */
export async function register(
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

/** The output for a new client: its secrets, which are shown once, and with `for` the lines to paste. */
export function createdClient(
  { for: name, url }: Pick<ClientOptions, 'for' | 'url'>,
  issuer: string,
  { metadata, secrets }: Awaited<ReturnType<typeof register>>,
): Answer {
  const { secret, api_key, mobile_key } = secrets;
  const made = { client_secret: secret, api_key, mobile_key };
  const data = { ...metadata, ...made };
  const once = Object.values(secrets).length > 0 ? '\nSecrets are shown only once. Save them now.' : '';
  const text = `${fields({ client_id: metadata.client_id, ...made })}${once}`;
  if (name === undefined) return { data, text };
  const values = valuesOf(name, { issuer, metadata, secrets, url });
  const files = FRAMEWORKS[name]?.snippets(values).map(({ file, text: lines }) => ({ file, text: lines }));
  return { data: { ...data, files }, text: `${text}\n\n${linesToPaste(name, values)}` };
}

export const clientCreateCommand = (setting: Setting): Command =>
  withClientOptions(
    subcommand({
      name: 'create',
      description: 'registers a client; its secrets are shown once',
      example: 'client create --for nextjs --url https://app.example.com --name "My app"',
    }),
  )
    .addOption(
      new Option(
        '--for <framework>',
        'registers what the framework needs, and prints the lines to paste; other options override it',
      ).choices(Object.keys(FRAMEWORKS)),
    )
    .option('--url <url>', 'with --for: the address of the application, for its redirect URIs')
    .option('--id <id>', 'client_id; generated when omitted')
    .action(
      working(setting, async (context, options: ClientOptions & { metadata?: string }) => {
        const given = metadataOf(options, await readMetadata(options.metadata));
        if (options.url !== undefined && options.for === undefined) throw usage('--url needs --for.');
        const wanted = options.for === undefined ? given : registrationFor(options.for, given, options.url);
        return createdClient(options, context.config.server.issuer, await register(context, wanted));
      }),
    );
