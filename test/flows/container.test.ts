import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { demonstrationSignIn, welcome } from '../../src/compose/welcome.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { atEnd } from '../support/at-end.ts';
import { TEST_SECRET_KEY } from '../support/config.ts';
import { startProcess } from '../support/process.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (name: string): Promise<string> => readFile(join(ROOT, name), 'utf8');

interface Service {
  image?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
}
type Services = Record<string, Service>;

/** The services of a compose file, with its variables replaced. */
async function servicesOf(file: string, variables: Record<string, string> = {}): Promise<Services> {
  const text = (await textOf(file)).replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name, kind, standard) => {
    const value = variables[name] || (kind === '-' ? standard : undefined);
    if (value === undefined) throw new Error(`${file} needs ${name}`);
    return value;
  });
  return parse(text, { merge: true }).services;
}

/** The settings of a service. The mounted file is read from its place on this machine. */
function settingsOf({ environment = {}, volumes = [] }: Service) {
  const mount = volumes.map((volume) => volume.split(':')).find(([, to]) => to === environment.CONFIG_FILE);
  expect(mount, 'the mounted settings').to.not.equal(undefined);
  return loadConfig({ ...environment, CONFIG_FILE: join(ROOT, mount?.[0] ?? ''), DATA_DIR: tmpdir() });
}

/** The status of a request to an address of this machine, with another name in `Host`. */
const statusAt = (hostname: string, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request({ hostname, port, path: '/', headers: { host, accept: 'text/html' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

/** A folder with the files that a stage of the Dockerfile copies from the project, and with its packages. */
async function filesOfStage(stage = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-image-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const sent = (await textOf('.dockerignore')).split('\n').map((line) => line.replace('!', ''));
  const copied = [...stage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  expect(copied).to.include('src');
  for (const name of copied) {
    expect(sent).to.include(name);
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

describe('a container', () => {
  it('has all that the server reads, and serves requests from outside, as the README starts it', async () => {
    const stages = (await textOf('Dockerfile')).split(/^FROM /m);
    const bundle = await filesOfStage(stages.find((stage) => stage.includes(' AS bundle')));
    const [, build = ''] = /^RUN (node .+)$/m.exec(stages.join('')) ?? [];
    await promisify(execFile)('bash', ['-c', build], {
      cwd: bundle,
      env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
    });
    const image = await filesOfStage(stages.at(-1));
    await cp(join(bundle, 'dist'), join(image, 'dist'), { recursive: true });
    const [, command = ''] = /^CMD (\[.*\])$/m.exec(stages.at(-1) ?? '') ?? [];
    const [, ...args] = JSON.parse(command) as string[];
    const { scripts } = JSON.parse(await textOf('package.json'));
    expect(`node ${args.join(' ')}`).to.equal(scripts.start.replace('src/', 'dist/'));

    const [, run = ''] = /^docker run (.*) pratu$/m.exec(await textOf('README.md')) ?? [];
    const env = Object.fromEntries(
      [...run.matchAll(/-e (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const server = await startProcess({
      root: image,
      nodeOptions: args.slice(0, -1),
      main: args.at(-1) ?? '',
      env,
    });
    const { port, host } = new URL(server.url);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal);
    expect(await statusAt(outside?.address ?? '127.0.0.1', Number(port), host)).to.equal(200);
    expect(server.output())
      .to.include('Pratu is ready')
      .and.include('development mode accepts connections from other machines');
    for (const path of ['/register', '/docs', '/openapi/customers.json'])
      expect((await fetch(server.url + path)).status, path).to.equal(200);
    await server.end();
  });

  it('of compose is complete without any variable, and answers at the address that it publishes', async () => {
    const services = await servicesOf('compose.yaml');
    const { server = {}, migrate = {} } = services;
    const config = await settingsOf(server);
    expect(config.environment).to.equal('development');
    const { port } = new URL(config.server.issuer);
    expect(server.ports).to.deep.equal([`127.0.0.1:${port}:${config.server.port}`]);
    expect(await settingsOf(migrate)).to.deep.equal(config);
    for (const [name, { image }] of Object.entries(services))
      if (image !== undefined) expect(image, name).to.match(/:v?\d+\.\d+(\.\d+)?$/);
    for (const [, from] of (await textOf('Dockerfile')).matchAll(/^FROM (?:--\S+ )?(\S+)/gm))
      expect(from).to.match(/:\d+\.\d+\.\d+-/);
  });

  it('of production is complete with what .env.example asks for, and with nothing less', async () => {
    const variables = {
      ISSUER: 'https://id.example.com',
      SECRET_KEY: TEST_SECRET_KEY,
      POSTGRES_PASSWORD: 'x',
    };
    const { server: below = {} } = await servicesOf('compose.yaml', variables);
    const { server: above = {} } = await servicesOf('compose.production.yaml', variables);
    const environment = { ...below.environment, ...above.environment };
    const config = await settingsOf({ ...below, environment });
    expect([config.environment, config.server.developmentPublic]).to.deep.equal(['production', false]);
    for (const name of Object.keys(variables)) {
      const failure = await servicesOf('compose.production.yaml', { ...variables, [name]: '' }).catch(
        ({ message }: Error) => message,
      );
      expect(failure).to.equal(`compose.production.yaml needs ${name}`);
    }
  });

  it('whose database is elsewhere is offered no demonstration', async () => {
    const { server = {} } = await servicesOf('compose.yaml');
    const config = await settingsOf(server);
    expect(demonstrationSignIn(config)).to.equal(undefined);
    expect(welcome(config)).to.include('client create').and.not.include('client:secret');
    const local = { ...config, database: { ...config.database, url: undefined } };
    expect(welcome(local)).to.include('client:secret');
  });
});
