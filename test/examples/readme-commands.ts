import { commandsOf, shellBlocks } from '../docs/shell-blocks.ts';

/** What the README of an example names. */
const ISSUER = 'http://localhost:3000';
const APP = 'http://localhost:8080';

/**
 * The commands in the `sh` blocks of an example's README, with the addresses of this run. Throws unless there is one
 * at least.
 */
export async function readmeCommands(
  readme: string,
  { issuer, url }: { issuer: string; url: string },
): Promise<string[]> {
  const blocks = shellBlocks(readme.replaceAll(ISSUER, issuer).replaceAll(APP, url));
  const commands = (await Promise.all(blocks.map(commandsOf))).flat();
  if (commands.length === 0) throw new Error('the README has no commands');
  return commands;
}
