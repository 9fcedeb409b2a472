import { Command } from 'commander';
import { fields, table } from '../kit/answer.ts';
import { confirm } from '../kit/confirm.ts';
import { CommandError } from '../kit/failure.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import { clientCreateCommand } from './client-create.ts';
import { rotateCommands } from './client-rotate.ts';
import { clientUpdateCommand } from './client-update.ts';

const list = (setting: Setting): Command =>
  subcommand({
    name: 'list',
    description: 'lists the registered clients',
    example: 'client list --json',
  }).action(
    working(setting, async ({ domain }) => {
      const clients = (await domain.clients.list()).map(({ metadata, dynamic, createdAt }) => ({
        client_id: metadata.client_id,
        client_name: metadata.client_name ?? null,
        token_endpoint_auth_method: metadata.token_endpoint_auth_method ?? 'client_secret_basic',
        grant_types: metadata.grant_types ?? ['authorization_code'],
        first_party: metadata.first_party === true,
        dynamic,
        created_at: createdAt,
      }));
      const head = ['id', 'name', 'authentication', 'grants', 'first party', 'dynamic registration'];
      const rows = clients.map((client) => [
        client.client_id,
        client.client_name,
        client.token_endpoint_auth_method,
        client.grant_types,
        client.first_party ? 'yes' : 'no',
        client.dynamic ? 'yes' : 'no',
      ]);
      return { data: clients, text: table(head, rows) };
    }),
  );

const showOne = (setting: Setting): Command =>
  subcommand({
    name: 'show <id>',
    description: 'shows the registration of a client, without its secrets',
    example: 'client show my-app',
  }).action(
    working(setting, async ({ domain }, id: string) => {
      const client = await domain.clients.find(id);
      if (!client) throw new CommandError(`Unknown client '${id}'.`);
      const { metadata, dynamic, secrets, createdAt } = client;
      const data = { ...metadata, dynamic, valid_secrets: secrets.length, created_at: createdAt };
      return { data, text: fields(data) };
    }),
  );

const remove = (setting: Setting): Command =>
  subcommand({
    name: 'remove <id>',
    description: 'removes a client, its consents and all its tokens',
    example: 'client remove my-app --yes',
  })
    .option('--yes', 'does not ask for confirmation')
    .action(
      working(setting, async ({ domain, terminal }, id: string, { yes }: { yes?: boolean }) => {
        if (!(await domain.clients.find(id))) throw new CommandError(`Unknown client '${id}'.`);
        await confirm(terminal, `Remove the client '${id}', its consents and all its tokens?`, yes);
        await domain.clients.remove(id);
        return { data: { client_id: id, removed: true }, text: `Client '${id}' has been removed.` };
      }),
    );

export function clientCommands(setting: Setting): Command {
  const group = new Command('client').description('registers and changes clients');
  const commands = [clientCreateCommand, clientUpdateCommand, list, showOne].map((make) => make(setting));
  for (const command of [...commands, ...rotateCommands(setting), remove(setting)]) group.addCommand(command);
  return group;
}
