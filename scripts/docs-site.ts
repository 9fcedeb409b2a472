import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { deadLinks } from './site/dead-links.ts';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../tmp/site/', import.meta.url));

function run(program: string, args: string[]): void {
  const { status } = spawnSync(program, args, { cwd: DOCS, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Builds the documentation site in `tmp/site`, with the generator of `docs/package-lock.json`. Fails on a dead link.
 * `DOCS_BASE` is the path that the site is served under, `DOCS_REPOSITORY` the URL of the files.
 */
function main(): void {
  if (!existsSync(`${DOCS}node_modules/vitepress`)) {
    const npm = process.env.npm_execpath;
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    if (npm) run(process.execPath, [npm, ...args]);
    else run('npm', args);
  }
  const vitepress = createRequire(DOCS).resolve('vitepress/package.json');
  run(process.execPath, [fileURLToPath(new URL('bin/vitepress.js', `file://${vitepress}`)), 'build', '.']);
  const dead = deadLinks(OUTPUT, process.env.DOCS_BASE);
  for (const link of dead) process.stderr.write(`dead link in ${link}\n`);
  if (dead.length > 0) process.exit(1);
  process.stdout.write(`The site is in ${OUTPUT}\n`);
}

main();
