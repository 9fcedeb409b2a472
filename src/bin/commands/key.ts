import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { table } from '../kit/answer.ts';
import type { CommandContext } from '../kit/command-context.ts';
import { CommandError } from '../kit/failure.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

/** Another process may rotate in the meantime, and the next key is then new again. */
const TRIES = 3;

/** Waits until every server has had time to load the next keys, then rotates. */
async function rotate({ config, domain, terminal }: CommandContext): Promise<void> {
  const announceSeconds = (2 * config.jobs.invalidationMs) / 1000;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const wait = await domain.signingKeys.rotatableIn(announceSeconds);
    if (wait > 0) {
      terminal.err(`The next key is new. Waiting ${Math.ceil(wait)} s until every server has loaded it.\n`);
      await pause(wait * 1000 + 50);
    }
    if (await domain.signingKeys.rotate(announceSeconds)) return;
  }
  throw new CommandError('Another process is rotating the keys.');
}

const rotateCommand = (setting: Setting): Command =>
  subcommand({
    name: 'rotate',
    description: 'starts signing with the next keys; running servers load them automatically',
    example: 'key rotate',
  }).action(
    working(setting, async (context) => {
      await context.domain.signingKeys.ensure();
      await rotate(context);
      const current = (await context.domain.signingKeys.list()).filter(({ state }) => state === 'current');
      const data = { rotated: true, current: current.map(({ kid, alg }) => ({ kid, alg })) };
      const signing = current.map(({ alg, kid }) => `${alg} ${kid}`).join(', ');
      return { data, text: `Signing with: ${signing}. Tokens signed with the previous keys remain valid.` };
    }),
  );

const list = (setting: Setting): Command =>
  subcommand({
    name: 'list',
    description: 'lists the signing keys and their states, without private keys',
    example: 'key list',
  }).action(
    working(setting, async ({ domain }) => {
      const keys = await domain.signingKeys.list();
      const data = keys.map(({ kid, alg, state, createdAt, changedAt }) => ({
        kid,
        alg,
        state,
        created_at: createdAt,
        changed_at: changedAt,
      }));
      const rows = data.map(({ kid, alg, state, changed_at }) => [kid, alg, state, changed_at]);
      return { data, text: table(['kid', 'alg', 'state', 'since'], rows) };
    }),
  );

export function keyCommands(setting: Setting): Command {
  const group = new Command('key').description('signing keys');
  for (const make of [rotateCommand, list]) group.addCommand(make(setting));
  return group;
}
