import type { Command } from 'commander';
import type { SecretKind } from '../../domain/clients/client.ts';
import { hasSecret } from '../../domain/clients/new-secrets.ts';
import { fields } from '../kit/answer.ts';
import { CommandError } from '../kit/failure.ts';
import { seconds } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

interface Rotation {
  command: string;
  /** The name that the client's developer uses for the secret, and its member in the output. */
  label: string;
  member: string;
}

const ROTATIONS: Readonly<Record<SecretKind, Rotation>> = {
  secret: { command: 'rotate-secret', label: 'client secret', member: 'client_secret' },
  api_key: { command: 'rotate-api-key', label: 'API key', member: 'api_key' },
  mobile_key: { command: 'rotate-mobile-key', label: 'mobile key', member: 'mobile_key' },
};

const rotate = (setting: Setting, kind: SecretKind, { command, label, member }: Rotation): Command =>
  subcommand({
    name: `${command} <id>`,
    description: `generates a new ${label} and shows it once`,
    example: `client ${command} 2171 --keep 24h`,
  })
    .option('--keep <time>', 'how long the previous one remains valid (90s, 15m, 24h, 7d)', seconds, 0)
    .action(
      working(setting, async ({ domain }, id: string, { keep }: { keep: number }) => {
        const client = await domain.clients.find(id);
        if (!client) throw new CommandError(`Unknown client '${id}'.`);
        if (!hasSecret(client.metadata, kind)) throw new CommandError(`Client '${id}' has no ${label}.`);
        const shown = { client_id: id, [member]: await domain.clients.rotateSecret(id, keep, { kind }) };
        const old = keep
          ? `The previous one remains valid for ${keep} s.`
          : 'The previous one is no longer valid.';
        return {
          data: { ...shown, old_secrets_valid_seconds: keep },
          text: `${fields(shown)}\nShown only once. ${old}`,
        };
      }),
    );

/** Returns one command for each kind of secret that a client can have. */
export const rotateCommands = (setting: Setting): Command[] =>
  Object.entries(ROTATIONS).map(([kind, rotation]) => rotate(setting, kind as SecretKind, rotation));
