import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../../config/load-config.ts';
import { checkViews } from '../../domain/views/check-views.ts';
import { MANIFEST, originalsOf, readManifest, replacedIn } from '../../domain/views/originals.ts';
import { picked, type Texts } from '../../domain/views/texts.ts';
import { readViews, type Views } from '../../domain/views/views.ts';
import { table } from '../kit/answer.ts';
import { CommandError, usage } from '../kit/failure.ts';
import { collect } from '../kit/option-values.ts';
import { type Setting, show, subcommand } from '../kit/subcommand.ts';

/** Returns the folder from the settings, without a database connection. Throws a usage error when it is not set. */
async function folderOf({ env }: Setting): Promise<string> {
  const { folder } = (await loadConfig(env)).pages;
  if (folder === undefined) throw usage('Set pages.folder first: see docs/customising.md.');
  return folder;
}

function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Records the current originals. `name` limits this to one file, including its texts; by default all are recorded. */
function record(folder: string, name?: string): string[] {
  const views = readViews(folder);
  const isMeant = (one: string): boolean => name === undefined || one === name || one.startsWith(`${name}#`);
  const originals = [...originalsOf(views)].filter(([one, hash]) => hash !== undefined && isMeant(one));
  write(folder, MANIFEST, json({ ...readManifest(views), ...Object.fromEntries(originals) }));
  return originals.map(([one]) => one);
}

/** Returns the original to copy to a path. For a language that exists only in the folder, it is the English texts. */
function originalOf(views: Views, path: string): string {
  const found =
    views.original(path) ??
    (/^(messages|mails)\/[a-z]{2,3}\.json$/.test(path)
      ? views.original(path.replace(/[a-z]+\.json$/, 'en.json'))
      : undefined);
  if (found === undefined) throw new CommandError(`There is no file ${path} in views/.`);
  return found;
}

function copy(folder: string, path: string, keys: readonly string[]): string {
  const views = readViews(folder);
  const original = originalOf(views, path);
  const present = views.replacement(path);
  if (keys.length === 0) {
    if (present !== undefined) throw new CommandError(`${path} is in the folder already.`);
    write(folder, path, original);
    record(folder, path);
    return path;
  }
  const all = JSON.parse(original) as Texts;
  const texts = keys.reduce((before, key) => picked(before, all, key), JSON.parse(present ?? '{}') as Texts);
  write(folder, path, json(texts));
  for (const key of keys) record(folder, `${path}#${key}`);
  return `${path}#${keys.join(' ')}`;
}

const copyCommand = (setting: Setting): Command =>
  subcommand({
    name: 'copy <path>',
    description: 'copies a template or texts of views/ to pages.folder, and records which original it was',
    example: 'pages copy messages/en.json --key login.title',
  })
    .option('--key <key>', 'only this text of a JSON file (repeatable)', collect)
    .action(async (path: string, { key = [], json: asJson }: { key?: string[]; json?: boolean }) => {
      const copied = copy(await folderOf(setting), path, key);
      show(setting, { data: { copied }, text: `Copied ${copied}.` }, asJson);
    });

const listCommand = (setting: Setting): Command =>
  subcommand({
    name: 'list',
    description: 'lists what pages.folder replaces, and what has changed since it was copied',
    example: 'pages list',
  }).action(async ({ json: asJson }: { json?: boolean }) => {
    const replaced = replacedIn(readViews(await folderOf(setting)));
    const rows = replaced.map(({ name, state }) => [name, state]);
    show(setting, { data: replaced, text: table(['name', 'original'], rows) }, asJson);
  });

const checkCommand = (setting: Setting): Command =>
  subcommand({
    name: 'check',
    description: 'checks every file of pages.folder as the server does when it starts',
    example: 'pages check',
  }).action(async ({ json: asJson }: { json?: boolean }) => {
    const { problems, unused } = checkViews(readViews(await folderOf(setting)));
    const lines = [...problems, ...unused.map((name) => `${name}: not used`)];
    const text = lines.length === 0 ? 'Everything is in order.' : lines.join('\n');
    show(setting, { data: { problems, unused }, text, failed: problems.length > 0 }, asJson);
  });

const acceptCommand = (setting: Setting): Command =>
  subcommand({
    name: 'accept [path]',
    description:
      'records the present originals, of one file or of all, after you have compared them with yours',
    example: 'pages accept pages/sign-in/login.ejs',
  }).action(async (path: string | undefined, { json: asJson }: { json?: boolean }) => {
    const recorded = record(await folderOf(setting), path);
    if (path !== undefined && recorded.length === 0) throw new CommandError(`${path} replaces nothing.`);
    show(setting, { data: { recorded }, text: `Recorded ${recorded.length} original(s).` }, asJson);
  });

export function pagesCommands(setting: Setting): Command {
  const group = new Command('pages').description('manages your own templates and texts (pages.folder)');
  for (const make of [copyCommand, listCommand, checkCommand, acceptCommand]) group.addCommand(make(setting));
  return group;
}
