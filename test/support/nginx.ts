import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { atEnd } from './at-end.ts';

const PLACES = ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx'];

/** The path of nginx; undefined where it is not installed. */
export const NGINX = PLACES.find((path) => spawnSync(path, ['-v']).status === 0);

/** The nginx block of a document, as operators copy it. */
export async function documentedBlock(name: string): Promise<string> {
  const text = await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  const [, block] = /```nginx\n([\s\S]*?)```/.exec(text) ?? [];
  if (block === undefined) throw new Error(`docs/${name} has no block for nginx`);
  return block;
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.end());
  });

/** Runs nginx with these blocks until the end of the run. `files` are created next to its configuration. */
export async function startNginx(
  blocks: (folder: string) => string,
  { files, port }: { files: Record<string, string>; port: number },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-nginx-'));
  // the workers of root's nginx are another user, and store bodies here
  await chmod(folder, 0o755);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log stderr; events {}
     http { access_log off; ${temporary.join(' ')} ${blocks(folder)} }`,
  );
  const child: ChildProcess = spawn(NGINX ?? 'nginx', [
    '-p',
    folder,
    '-c',
    join(folder, 'nginx.conf'),
    '-e',
    'stderr',
  ]);
  let output = '';
  child.stderr?.on('data', (part) => {
    output += part;
  });
  atEnd(async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });
  while (!(await isOpen(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${output}`);
    await setTimeout(50);
  }
}
