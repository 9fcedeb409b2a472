import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { VERSION } from '../../compose/version.ts';
import { loadConfig } from '../../config/load-config.ts';
import { migrate } from '../../db/migrate.ts';
import { FRAMEWORKS, registrationFor } from '../frameworks/frameworks.ts';
import { composeFile } from '../init/compose-file.ts';
import { PROXIES } from '../init/deployment.ts';
import { envFile, variablesOf } from '../init/env-file.ts';
import { clientCommand, nextSteps } from '../init/next-steps.ts';
import { imageName, plainPath } from '../init/plain-values.ts';
import { proxyFile } from '../init/proxy-file.ts';
import { askForDeployment, type FirstClient, type InitOptions } from '../init/questions.ts';
import { writeFiles } from '../init/write-files.ts';
import { metadataOf } from '../kit/client-options.ts';
import { inCommandContext, type Variables } from '../kit/command-context.ts';
import { collect, positiveInteger } from '../kit/option-values.ts';
import { asSystemUser, type Setting, show, subcommand } from '../kit/subcommand.ts';
import { createdClient, register } from './client-create.ts';

const HELP = `
Asks for what no option or variable (ISSUER, DATABASE_URL, SMTP_URL, SMS_URL, MAIL_FROM) gives, and never overwrites a file. With
a database, it also migrates that and registers the first client.`;

/** Creates the schema and registers the first client in the database of a new deployment. */
function firstClient(client: FirstClient, env: Variables, { terminal }: Setting) {
  return asSystemUser(() =>
    inCommandContext({ env, terminal, bootstrapped: false }, async (context) => {
      await migrate(context.database);
      await context.domain.signingKeys.published();
      const registered = await register(
        context,
        registrationFor(client.for, metadataOf(client, {}), client.url),
      );
      return createdClient(client, context.config.server.issuer, registered);
    }),
  );
}

async function init(setting: Setting, given: string, options: InitOptions) {
  const folder = resolve(given);
  const { deployment, client } = await askForDeployment(options, setting);
  const variables = variablesOf(deployment);
  const files = [envFile(variables), composeFile(deployment), ...proxyFile(deployment)];
  // all errors are reported before anything is written
  await loadConfig(variables);
  if (client) registrationFor(client.for, metadataOf(client, {}), client.url);
  await writeFiles(folder, files);
  const names = files.map(({ name }) => name);
  const ready = client && deployment.databaseUrl !== undefined;
  const wrote = `Wrote ${names.join(', ')} to ${folder}.`;
  const next = (command?: string): string => `Next:\n${nextSteps(deployment, { folder, client: command })}`;
  const created = ready
    ? await firstClient(client, variables, setting).catch((error: unknown) => {
        // the files stay in place, and a second run would refuse to overwrite them
        setting.terminal.err(
          `${wrote} The first client is not registered.\n\n${next(clientCommand(client))}\n\n`,
        );
        throw error;
      })
    : undefined;
  return {
    data: { folder, files: names, client: created?.data ?? null },
    text: [
      wrote,
      ...(created ? [created.text] : []),
      next(client && !created ? clientCommand(client) : undefined),
    ].join('\n\n'),
  };
}

export const initCommand = (setting: Setting): Command =>
  subcommand({
    name: 'init [folder]',
    description: 'writes the files of a new production deployment, and registers its first client',
    example:
      'init ../id --issuer https://id.example.com --smtp-url smtps://mail.example.com --for nextjs --url https://app.example.com',
  })
    .addHelpText('after', HELP)
    .option('--issuer <url>', 'the public https address')
    .option('--port <port>', 'where the server listens, behind the proxy', positiveInteger, 3000)
    .option('--database-url <url>', 'PostgreSQL; without it, compose.yaml has one')
    .option('--smtp-url <url>', 'the mail server')
    .option('--sms-url <url>', 'the SMS gateway')
    .option('--mail-from <sender>', 'the sender of mails; default no-reply@ the host')
    .addOption(new Option('--proxy <proxy>', 'the proxy to configure').choices(PROXIES))
    .option('--tls-certificate <file>', "nginx's certificate", plainPath)
    .option('--tls-key <file>', 'the key of that certificate', plainPath)
    .option('--image <image>', 'the container image', imageName, `pratu:${VERSION}`)
    .addOption(new Option('--for <framework>', 'the first client').choices(Object.keys(FRAMEWORKS)))
    .option('--url <url>', 'the address of that application')
    .option('--redirect-uri <uri>', 'a redirect URI of that application (repeatable)', collect)
    .option('--resource <uri>', 'the resource server that it is (repeatable)', collect)
    .option('--name <name>', 'the name of that application')
    .option('--yes', 'asks nothing and uses the defaults')
    .action(async (folder: string | undefined, options: InitOptions & { json?: boolean }) =>
      show(setting, await init(setting, folder ?? '.', options), options.json),
    );
