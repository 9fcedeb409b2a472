import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { servedMetrics } from '../support/served-metrics.ts';
import { filesUnder } from '../tidy/tree.ts';

/** | `name` | type | labels | meaning | */
const ROW = /^\| `([a-z_\d]+)` \| (\w+) \|([^|]*)\| ([^|]+) \|$/gm;

const page = readFileSync(new URL('../../docs/METRICS.md', import.meta.url), 'utf8');
const documented = [...page.matchAll(ROW)].map(([, name, type, labels = '', meaning = '']) => ({
  name,
  type,
  labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
  meaning,
}));
const here = documented.filter(({ meaning }) => process.platform === 'linux' || !meaning.endsWith('(Linux)'));

const sorted = <Row extends { name?: string | undefined }>(rows: Row[]): Row[] =>
  rows.toSorted((one, other) => String(one.name).localeCompare(String(other.name)));

describe('docs/METRICS.md', () => {
  it('has every metric with its type and labels, and no other', async () => {
    const served = await servedMetrics();
    expect(served.length).to.be.greaterThan(50);
    expect(sorted(here.map(({ meaning: _, ...row }) => row))).to.deep.equal(
      sorted(served.map(({ name, type, labels }) => ({ name, type, labels }))),
    );
  });

  it('has each once', () => {
    const names = documented.map(({ name }) => name);
    expect(names).to.deep.equal([...new Set(names)]);
  });

  it('has names as Prometheus wants them', async () => {
    const own = (await servedMetrics()).filter(({ name }) => name.startsWith('pratu_'));
    for (const { name, type } of own) {
      expect(name, name).to.match(/^pratu_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total'), `${name}: a counter and _total`).to.equal(type === 'counter');
      expect(name, `${name}: base units`).not.to.match(/milliseconds|_ms\b|minutes|hours|kilobytes|percent/);
      if (type === 'histogram') expect(name).to.match(/_(seconds|bytes)$/);
    }
  });

  it('is the only source of names in the other documents', async () => {
    const names = (await servedMetrics()).map(({ name }) => name);
    const pages = filesUnder([''], ['.md']).filter(({ path }) => path !== 'docs/METRICS.md');
    const unknown = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/`(pratu_[a-z_]+)[`{]/g)]
        .map(([, name = '']) => name)
        .filter((name) => !names.includes(name) && !/^pratu_(now|take)/.test(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(unknown).to.deep.equal([]);
  });
});
