import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parse } from 'yaml';
import { type Config, configSchema } from './config.ts';
import { fromEnvironment } from './environment.ts';
import { problemsOf } from './problems.ts';
import { developmentKey, parseSecretKeys } from './secrets.ts';

type Variables = Record<string, string | undefined>;
type Tree = Record<string, unknown>;

const DIRECTORY = new URL('../../config/', import.meta.url);

/** Everything that is wrong with the settings, at once. */
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

/** Lays `above` over `below`: trees are merged, everything else replaces; undefined says nothing. */
function merge(below: Tree, above: Tree): Tree {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const under = merged[key];
    merged[key] = isTree(value) && isTree(under) ? merge(under, value) : value;
  }
  return merged;
}

async function readOwn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`CONFIG_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`]);
  }
}

const readYaml = async (name: string): Promise<Tree> =>
  (parse(await readFile(new URL(`${name}.yaml`, DIRECTORY), 'utf8')) ?? {}) as Tree;

/**
 * Reads the settings: `config/default.yaml`, `config/<environment>.yaml`, the file that `CONFIG_FILE` names, then
 * the environment variables. `NODE_ENV` chooses the environment (`development` unless it is `production` or
 * `test`). Throws `ConfigError` with every problem.
 */
export async function loadConfig(variables: Variables = process.env): Promise<Config> {
  const named = variables.NODE_ENV ?? '';
  const environment = named === 'production' || named === 'test' ? named : 'development';
  let tree = merge(await readYaml('default'), await readYaml(environment));
  if (variables.CONFIG_FILE) {
    const own: unknown = parse(await readOwn(variables.CONFIG_FILE)) ?? {};
    if (!isTree(own))
      throw new ConfigError([`CONFIG_FILE: ${variables.CONFIG_FILE} must hold settings by name`]);
    tree = merge(tree, own);
  }
  tree = merge(tree, { ...(fromEnvironment(variables) as Tree), environment });
  const server = tree.server as Tree;
  server.issuer ??= `http://localhost:${server.port}`;
  if (server.workers === 0) server.workers = availableParallelism();

  const problems: string[] = [];
  const { dataDir } = tree.database as { dataDir: string };
  try {
    const text = variables.SECRET_KEY || (environment === 'production' ? '' : await developmentKey(dataDir));
    tree.secrets = { keys: text ? parseSecretKeys(text) : [] };
  } catch (error) {
    tree.secrets = { keys: [] };
    problems.push((error as Error).message);
  }

  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) {
    const secretsKnown = problems.length > 0;
    for (const { path, message } of parsed.error.issues) {
      if (path[0] === 'secrets' && (secretsKnown || environment === 'production')) continue;
      problems.push(`${path.join('.')}: ${message}`);
    }
  }
  problems.push(...problemsOf(tree as unknown as Config, variables));
  if (problems.length > 0) throw new ConfigError(problems);
  return parsed.data as Config;
}
