import { commandsOf, shellBlocks } from '../docs/shell-blocks.ts';

/** The URLs in the README of an example. */
const ISSUER = 'http://localhost:3000';
const APP = 'http://localhost:8080';
const APP_PORT = /\bPORT=8080\b/g;

export interface ReadmeAddresses {
  issuer: string;
  /** The URL of the app. Defaults to that of the README. */
  url?: string;
  /** The number of blocks to read. Defaults to all. */
  blocks?: number | undefined;
}

/** The commands in the `sh` blocks of an example's README, with the URLs of this run. */
export async function readmeCommands(
  readme: string,
  { issuer, url = APP, blocks }: ReadmeAddresses,
): Promise<string[]> {
  const here = readme
    .replaceAll(ISSUER, issuer)
    .replaceAll(APP, url)
    .replace(APP_PORT, `PORT=${new URL(url).port}`);
  return (await Promise.all(shellBlocks(here).slice(0, blocks).map(commandsOf))).flat();
}
