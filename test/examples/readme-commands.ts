import { commandsOf, shellBlocks } from '../docs/shell-blocks.ts';

/** What the README of an example names. */
const ISSUER = 'http://localhost:3000';
const APP = 'http://localhost:8080';
const APP_PORT = /\bPORT=8080\b/g;

export interface ReadmeAddresses {
  issuer: string;
  /** Where the app is served; as in the README unless told. */
  url?: string;
  /** How many blocks to read; all unless told. */
  blocks?: number | undefined;
}

/** The commands in the `sh` blocks of an example's README, with the addresses of this run. */
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
