import { providerRules } from '../../compose/provider-rules.ts';
import { offlineProvider } from '../../oidc/offline-provider.ts';
import type { CommandContext } from './command-context.ts';

/** Returns oidc-provider with the settings of the server, for commands that need its rules. */
export async function commandProvider(context: CommandContext): ReturnType<typeof offlineProvider> {
  await context.domain.signingKeys.ensure();
  return offlineProvider(providerRules(context));
}
