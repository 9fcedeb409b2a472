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

/** From the bottom up. A layer imports from those below it and from itself. */
const LAYERS: readonly (readonly string[])[] = [
  ['lib'],
  ['errors', 'config'],
  ['db', 'redis'],
  ['storage'],
  ['domain'],
  ['http'],
  ['oidc', 'pages', 'apis', 'jobs'],
  ['app'],
  ['compose'],
  ['cluster'],
  ['server'],
  ['main', 'bin', 'otel'],
];

/** `src/http/log.ts` → `http`, `src/app.ts` → `app`. */
function partOf(path: string): string {
  const [, first = ''] = path.split('/');
  return first.replace(/\.ts$/, '');
}

/** The layers of the domain: values import no other part, facts are about one table each, flows are what people do. */
const DOMAIN_VALUES: ReadonlySet<string> = new Set(['values']);
const DOMAIN_FLOWS: ReadonlySet<string> = new Set([
  'administration',
  'approvals',
  'authenticators',
  'demonstration',
  'identifiers',
  'import',
  'lifecycle',
  'partners',
  'recovery',
  'registration',
  'retention',
  'settings',
  'sign-in',
  'sweeping',
]);

function domainRankOf(path: string): number {
  const [, , folder = ''] = path.split('/');
  if (DOMAIN_VALUES.has(folder)) return 0;
  return DOMAIN_FLOWS.has(folder) ? 2 : 1;
}

/** Cycles in a graph, each as the nodes that reach one another (Tarjan's algorithm). */
function circlesIn(edges: readonly (readonly [from: string, to: string])[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const accountContext = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const to of next.get(node) ?? []) {
      if (!index.has(to)) accountContext(to);
      if (stack.includes(to)) low.set(node, Math.min(low.get(node) ?? 0, low.get(to) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const node of next.keys()) if (!index.has(node)) accountContext(node);
  return circles;
}

/** The folder of a file. Each file of the root is a unit of its own. */
const unitOf = (path: string): string => (posix.dirname(path) === 'src' ? path : posix.dirname(path));

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

  it('goes down only in the domain', () => {
    const inDomain = own.filter(({ from, to }) => partOf(from) === 'domain' && partOf(to) === 'domain');
    expect(inDomain.length).to.be.greaterThan(200);
    expect(show(inDomain.filter(({ from, to }) => domainRankOf(to) > domainRankOf(from)))).to.deep.equal([]);
  });

  it('leads from values of the domain to lib and the words of errors only', () => {
    const outside = own.filter(
      ({ from, to }) =>
        from.startsWith('src/domain/values/') && !/^src\/(domain\/values|lib|errors)\//.test(to),
    );
    expect(show(outside)).to.deep.equal([]);
  });

  it('never leads back to a file, nor to a folder', () => {
    expect(circlesIn(own.map(({ from, to }) => [from, to] as const))).to.deep.equal([]);
    const folders = own.map(({ from, to }) => [unitOf(from), unitOf(to)] as const);
    expect(circlesIn(folders.filter(([from, to]) => from !== to))).to.deep.equal([]);
  });

  it('is found to lead back when it does', () => {
    const edges = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
      ['c', 'd'],
    ] as const;
    expect(circlesIn(edges)).to.deep.equal([['b', 'c']]);
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
    // the library stores sessions itself, in the request's transaction, so no use case is between it and its adapter
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
      koa: ['http', 'oidc', 'pages', 'apis', 'app', 'compose'],
      '@koa/router': ['http', 'pages', 'apis'],
      ejs: ['pages', 'domain'],
      ioredis: ['redis', 'domain', 'compose'],
      undici: ['lib'],
      nodemailer: ['domain', 'bin'],
      '@electric-sql/pglite': ['db'],
      '@node-rs/argon2': ['lib'],
      commander: ['bin'],
      'ajv/dist/2020.js': ['apis', 'config'],
      sharp: ['domain'],
      '@opentelemetry/api': ['lib', 'db', 'jobs', 'otel'],
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
