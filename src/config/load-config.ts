import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parse, YAMLParseError } from 'yaml';
import { type Config, configSchema } from './config.ts';
import { fromEnvironment, nameOf, type Variables } from './environment.ts';
import { problemsOf } from './problems.ts';
import { developmentKey, parseSecretKeys } from './secrets.ts';
import { unknownSettings } from './unknown-settings.ts';
import { withUpstreamFiles } from './upstream-files.ts';
import { withFiles } from './variable-files.ts';

type Tree = Record<string, unknown>;

const DIRECTORY = new URL('../../config/', import.meta.url);

/** Describes the problem of a setting. The accepted values of a switch are given as they are typed in a variable. */
const messageOf = (issue: { code: string; expected?: unknown; message: string }): string =>
  issue.expected === 'boolean' ? 'must be 1 or 0 (true or false)' : issue.message;

/** All problems of the settings together. */
export class ConfigError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/**
 * Merges `above` into `below`: objects are merged, other values are replaced, undefined values are ignored. So are
 * empty sections and lists, which YAML reads as null.
 */
function merge(below: Tree, above: Tree): Tree {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    if (value === undefined || (value === null && typeof under === 'object')) continue;
    merged[key] = isTree(value) && isTree(under) ? merge(under, value) : value;
  }
  return merged;
}

/**
 * Reads the settings of a custom file. A problem is reported by its line number, without the text of the line, which
 * may contain a secret.
 */
async function readOwn(file: string): Promise<Tree> {
  const refuse = (problem: string) => new ConfigError([`CONFIG_FILE: ${file} ${problem}`]);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refuse(`cannot be read (${error.code})`);
  });
  let own: unknown;
  try {
    own = parse(text) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw refuse(`is not valid YAML: line ${error.linePos?.[0].line}, ${error.code}`);
  }
  if (!isTree(own)) throw refuse('must be a mapping of settings');
  return own;
}

const readYaml = async (name: string): Promise<Tree> =>
  (parse(await readFile(new URL(`${name}.yaml`, DIRECTORY), 'utf8')) ?? {}) as Tree;

/** Settings from one source. */
export interface SettingLayer {
  /** A file; undefined for environment variables. */
  source: string | undefined;
  tree: Tree;
}

/** Returns the sources of an environment's settings, in ascending order of precedence. */
export async function readLayers(
  variables: Variables,
): Promise<{ environment: Config['environment']; layers: readonly SettingLayer[] }> {
  const named = variables.NODE_ENV ?? '';
  const environment = named === 'production' || named === 'test' ? named : 'development';
  const own = variables.CONFIG_FILE;
  return {
    environment,
    layers: [
      { source: 'config/default.yaml', tree: await readYaml('default') },
      { source: `config/${environment}.yaml`, tree: await readYaml(environment) },
      ...(own ? [{ source: 'CONFIG_FILE', tree: await readOwn(own) }] : []),
      { source: undefined, tree: fromEnvironment(variables) as Tree },
    ],
  };
}

/** Throws for sections that are not mappings. The settings of some sections are read before the schema is applied. */
function requireSections(layers: readonly SettingLayer[]): void {
  const defaults = layers[0]?.tree ?? {};
  const problems = layers.flatMap(({ tree }) =>
    Object.entries(tree)
      .filter(([slice, value]) => isTree(defaults[slice]) && !isTree(value ?? {}))
      .map(([slice]) => `${slice}: must be a mapping of settings`),
  );
  if (problems.length > 0) throw new ConfigError(problems);
}

/**
 * Reads the settings: `config/default.yaml`, `config/<environment>.yaml`, the file that `CONFIG_FILE` names, then the
 * environment variables, which may be in files. `NODE_ENV` chooses the environment: `development` unless it is
 * `production` or `test`. Throws `ConfigError` with every problem; unreadable files of variables are reported first,
 * alone.
 */
export async function loadConfig(given: Variables = process.env): Promise<Config> {
  const { variables, problems: unread } = await withFiles(given);
  if (unread.length > 0) throw new ConfigError([...unread]);
  const { environment, layers } = await readLayers(variables);
  requireSections(layers);
  const tree = layers.reduce((below, { tree: above }) => merge(below, above), {} as Tree);
  tree.environment = environment;
  const server = tree.server as Tree;
  server.issuer ??= `http://localhost:${server.port}`;
  if (server.workers === 0) server.workers = availableParallelism();

  const problems: string[] = [];
  let secretProblem = false;
  const { dataDir } = tree.database as { dataDir: string };
  try {
    const text = variables.SECRET_KEY || (environment === 'production' ? '' : await developmentKey(dataDir));
    tree.secrets = { keys: text ? parseSecretKeys(text) : [] };
  } catch (error) {
    tree.secrets = { keys: [] };
    secretProblem = true;
    problems.push((error as Error).message);
  }
  const upstream = await withUpstreamFiles(tree.upstream);
  tree.upstream = upstream.entries;
  problems.push(...upstream.problems);

  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) {
    const secretsKnown = secretProblem;
    for (const issue of parsed.error.issues) {
      const { path } = issue;
      if (issue.code === 'unrecognized_keys') {
        problems.push(...unknownSettings(path, issue.keys));
        continue;
      }
      if (path[0] === 'secrets' && (secretsKnown || environment === 'production')) continue;
      problems.push(`${nameOf(path.join('.'), variables)}: ${messageOf(issue)}`);
    }
  }
  problems.push(...problemsOf(tree as unknown as Config, variables));
  if (problems.length > 0) throw new ConfigError(problems);
  return parsed.data as Config;
}
