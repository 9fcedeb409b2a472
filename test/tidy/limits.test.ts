import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Settings of the same slices that are not limits. */
const NO_LIMITS: readonly string[] = [
  'attempts.knownDeviceDays',
  'oneTimeCodes.countries',
  'oneTimeCodes.originBound',
];

describe('docs/LIMITS.md', () => {
  const page = read('docs/LIMITS.md');
  const defaults = parse(read('config/default.yaml')) as Record<string, Record<string, unknown>>;
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  const namedIn = (text: string): string[] =>
    [...text.matchAll(/`([a-zA-Z]+\.[a-zA-Z]+)`/g)].map(([, name = '']) => name);

  it('names every limit that can be set, and no unknown setting', () => {
    const settings = Object.entries(defaults).flatMap(([slice, values]) =>
      Object.keys(values ?? {}).map((name) => `${slice}.${name}`),
    );
    expect(settings).to.include.members(namedIn(page));
    const limits = settings.filter((name) => /^(attempts|oneTimeCodes)\./.test(name));
    expect(namedIn(rows.join('\n'))).to.include.members(limits.filter((name) => !NO_LIMITS.includes(name)));
  });

  it('tells the attempts and messages that are the defaults', () => {
    for (const row of rows) {
      for (const name of namedIn(row).filter((one) => /^attempts\.(per|in)|(PerHour|PerDay)$/.test(one))) {
        const [slice = '', setting = ''] = name.split('.');
        const value = (defaults[slice]?.[setting] as number).toLocaleString('en');
        expect(row, name).to.match(new RegExp(`\\b${value}\\b`));
      }
    }
  });
});
