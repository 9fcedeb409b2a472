import { posix } from 'node:path';
import { expect } from 'chai';
import { filesUnder } from './tree.ts';

interface Import {
  from: string;
  /** A path from the root, or the name of a package. */
  to: string;
  typeOnly: boolean;
}

const IMPORT = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;

const imports: readonly Import[] = filesUnder(['src/'], ['.ts']).flatMap(({ path, text }) =>
  [...text.matchAll(IMPORT)].map(([, type, to = '']) => ({
    from: path,
    to: to.startsWith('.') ? posix.join(posix.dirname(path), to) : to,
    typeOnly: type !== undefined,
  })),
);
const own = imports.filter(({ to }) => to.startsWith('src/'));

/** From the bottom up: a layer imports from those below it and from itself. */
const LAYERS: readonly (readonly string[])[] = [
  ['lib'],
  ['errors', 'config'],
  ['db', 'redis'],
  ['domain'],
  ['http'],
  ['oidc', 'pages', 'apis', 'jobs'],
  ['app'],
  ['compose', 'present', 'prepare', 'sample'],
  ['cluster'],
  ['serve'],
  ['start'],
  ['main', 'bin'],
];

/** `src/http/log.ts` → `http`, `src/compose/oidc.ts` → `compose`. */
function partOf(path: string): string {
  const [, first = ''] = path.split('/');
  return path.split('/').length > 2 ? first : first.replace(/(-[a-z]+)?\.ts$/, '');
}

const rankOf = (path: string): number => LAYERS.findIndex((layer) => layer.includes(partOf(path)));

const show = (found: readonly Import[]): string[] => found.map(({ from, to }) => `${from} → ${to}`);

describe('who imports whom', () => {
  it('is known for every file', () => {
    expect(own.length).to.be.greaterThan(200);
    const unknown = filesUnder(['src/'], ['.ts']).filter(({ path }) => rankOf(path) === -1);
    expect(unknown.map(({ path }) => path)).to.deep.equal([]);
  });

  it('goes down only', () => {
    const up = own.filter(({ from, to, typeOnly }) => {
      const settings = partOf(to) === 'config' && typeOnly;
      return !settings && rankOf(to) > rankOf(from);
    });
    expect(show(up)).to.deep.equal([]);
  });

  it('never leads from one part of a layer to another', () => {
    const whole = LAYERS.indexOf(LAYERS.find((layer) => layer.includes('compose')) ?? []);
    const across = own.filter(({ from, to, typeOnly }) => {
      const settings = partOf(to) === 'config' && typeOnly;
      const bottom = partOf(from) === 'config' && partOf(to) === 'errors';
      return (
        !settings &&
        !bottom &&
        rankOf(from) === rankOf(to) &&
        partOf(from) !== partOf(to) &&
        rankOf(from) !== whole
      );
    });
    expect(show(across)).to.deep.equal([]);
  });

  it('gives the whole configuration to what composes and starts only', () => {
    const composing = rankOf('src/compose/compose.ts');
    const outside = own.filter(
      ({ from, to, typeOnly }) =>
        partOf(to) === 'config' && partOf(from) !== 'config' && !typeOnly && rankOf(from) < composing,
    );
    expect(show(outside)).to.deep.equal([]);
  });

  it('keeps a store inside its own folder of the domain', () => {
    // the library stores sessions itself, in the request's transaction: its adapter has no use case in between
    const adapter = {
      from: 'src/oidc/adapter/session-adapter.ts',
      to: 'src/domain/sessions/session-store.ts',
    };
    const foreign = own.filter(
      ({ from, to }) =>
        to.endsWith('-store.ts') &&
        posix.dirname(from) !== posix.dirname(to) &&
        !(from === adapter.from && to === adapter.to),
    );
    expect(show(foreign)).to.deep.equal([]);
  });

  it('keeps packages where they belong', () => {
    const homes: Record<string, string[]> = {
      'oidc-provider': ['oidc'],
      koa: ['http', 'oidc', 'pages', 'apis', 'app', 'compose', 'present'],
      '@koa/router': ['http', 'pages', 'apis'],
      ejs: ['pages', 'domain'],
      ioredis: ['redis', 'domain', 'compose'],
      undici: ['lib'],
      nodemailer: ['domain', 'bin'],
      '@electric-sql/pglite': ['db'],
      '@node-rs/argon2': ['lib'],
      commander: ['bin'],
      'ajv/dist/2020.js': ['apis'],
      sharp: ['domain'],
      '@fastify/busboy': ['http'],
    };
    const strays = imports.filter(({ from, to }) => homes[to] && !homes[to].includes(partOf(from)));
    expect(show(strays)).to.deep.equal([]);
  });

  it('lets one file at most reach inside the protocol library', () => {
    const deep = imports.filter(({ to }) => to.startsWith('oidc-provider/'));
    expect(deep.filter(({ from }) => from !== 'src/oidc/library/internals.ts')).to.deep.equal([]);
  });
});
