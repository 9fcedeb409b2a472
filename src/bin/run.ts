import { Command } from 'commander';
import { VERSION } from '../compose/version.ts';
import { accountCommands } from './commands/account.ts';
import { auditCommand } from './commands/audit.ts';
import { clientCommands } from './commands/client.ts';
import { doctorCommand } from './commands/doctor.ts';
import { initCommand } from './commands/init.ts';
import { keyCommands } from './commands/key.ts';
import { migrateCommand } from './commands/migrate.ts';
import { operatorCommands } from './commands/operator.ts';
import { pagesCommands } from './commands/pages.ts';
import { partnerCommands } from './commands/partner.ts';
import { receiptCommands } from './commands/receipt.ts';
import { secretCommands } from './commands/secret.ts';
import { tokenCommands } from './commands/token.ts';
import { traceCommand } from './commands/trace.ts';
import { webhookCommands } from './commands/webhook.ts';
import type { Variables } from './kit/command-context.ts';
import { EXIT, type ExitCode, reportOf } from './kit/failure.ts';
import type { Setting } from './kit/subcommand.ts';
import type { Terminal } from './kit/terminal.ts';

function program(setting: Setting): Command {
  const commands = [
    initCommand(setting),
    migrateCommand(setting),
    clientCommands(setting),
    partnerCommands(setting),
    keyCommands(setting),
    accountCommands(setting),
    operatorCommands(setting),
    auditCommand(setting),
    traceCommand(setting),
    webhookCommands(setting),
    tokenCommands(setting),
    receiptCommands(setting),
    secretCommands(setting),
    pagesCommands(setting),
    doctorCommand(setting),
  ];
  const root = new Command('pratu')
    .description(
      'Administers a Pratu deployment. Uses the settings of the server and works whether or not a server is running.',
    )
    .version(VERSION, '--version');
  for (const command of commands) root.addCommand(command);
  return root;
}

/** Makes every command write to this terminal, and throw instead of exiting the process. */
function onTerminal(command: Command, terminal: Terminal): Command {
  command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  for (const child of command.commands) onTerminal(child, terminal);
  return command;
}

/** Runs one command line and returns its exit code (see `EXIT`). Never throws. */
export async function run(
  args: readonly string[],
  { terminal, env }: { terminal: Terminal; env: Variables },
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const failed = (): void => {
    exitCode = EXIT.refused;
  };
  try {
    const root = onTerminal(program({ terminal, env, failed }), terminal);
    await root.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    const report = reportOf(error);
    if (report.sentence) terminal.err(`pratu: ${report.sentence}\n`);
    return report.exitCode;
  }
}
