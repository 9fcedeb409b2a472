import { userInfo } from 'node:os';
import { Command } from 'commander';
import { type Actor, inRequestContext } from '../../lib/request-context.ts';
import type { Answer } from './answer.ts';
import { type CommandContext, inCommandContext, type Variables } from './command-context.ts';
import type { Terminal } from './terminal.ts';

/** The environment of the whole command line, and the callback that sets its exit code. */
export interface Setting {
  terminal: Terminal;
  env: Variables;
  /** Called when a command has done its work but found a problem. */
  failed: () => void;
}

const EXIT_CODES = `
Exit codes: 0 success, 1 refused or failed, 2 usage error, 3 the database (or another dependency) is down.`;

interface Description {
  /** The name with its arguments, in commander's notation. */
  name: string;
  description: string;
  /** One command line, without `pratu`. */
  example: string;
}

/** Creates a subcommand with the common parts: help with an example and the exit codes, and `--json`. */
export function subcommand({ name, description, example }: Description): Command {
  const [own, ...operands] = name.split(' ');
  return operands
    .reduce((command, operand) => command.argument(operand), new Command(own))
    .description(description)
    .option('--json', 'prints one JSON document to stdout and nothing else')
    .addHelpText('after', `\nExample:\n  $ pratu ${example}\n${EXIT_CODES}`);
}

/** Returns the user of the operating system. In a container, only the user ID may be available. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** Runs `work` as the user of the operating system: the audit trail has `command:` and the name as its actor. */
export function asSystemUser<T>(work: () => T): T {
  const actor: Actor = `command:${systemUser()}`;
  return inRequestContext({ actor }, work);
}

/** Writes the result in the requested format. */
export function show({ terminal, failed }: Setting, answer: Answer, json: boolean | undefined): void {
  if (!answer.written) terminal.out(`${json ? JSON.stringify(answer.data, null, 2) : answer.text}\n`);
  if (answer.failed) failed();
}

/**
 * Returns an action for commander. It runs `work` in a `CommandContext` with the arguments and options, and shows the
 * result.
 */
export const working =
  <Arguments extends unknown[]>(
    setting: Setting,
    work: (context: CommandContext, ...args: Arguments) => Promise<Answer>,
    { bootstrapped = true } = {},
  ) =>
  async (...given: unknown[]): Promise<void> => {
    // commander appends the command itself as the last argument
    const command = given.at(-1) as Command;
    const args = given.slice(0, -1) as Arguments;
    const answer = await asSystemUser(() =>
      inCommandContext({ ...setting, bootstrapped }, (context) => work(context, ...args)),
    );
    show(setting, answer, command.opts<{ json?: boolean }>().json);
  };
