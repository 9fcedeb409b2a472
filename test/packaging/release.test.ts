import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { checkVersions, releaseNotes } from '../../scripts/release-notes.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const CHANGES = `# Changes

## Unreleased

- later

## 1.1.0, 2027-02-03

### Added

- this

## 1.0.0, 2027-01-02

- before
`;

describe('a release', () => {
  it('has the notes of its version', () => {
    expect(releaseNotes(CHANGES, '1.1.0')).to.equal('### Added\n\n- this\n');
    expect(releaseNotes(CHANGES, '1.0.0')).to.equal('- before\n');
    for (const version of ['1.1', '2.0.0', 'Unreleased', ''])
      expect(() => releaseNotes(CHANGES, version)).to.throw('has no notes');
  });

  it('is refused while the changelog calls the version unreleased', () => {
    const { version } = JSON.parse(read('package.json'));
    expect(() => releaseNotes(`## Unreleased, ${version}\n\n- this\n`, version)).to.throw('has no notes');
  });

  it('has the version of the package and the chart', () => {
    const { version } = JSON.parse(read('package.json'));
    const files = { package: read('package.json'), chart: read('charts/pratu/Chart.yaml') };
    checkVersions(version, files);
    expect(() => checkVersions('99.0.0', files)).to.throw('must have the version 99.0.0');
    const chart = files.chart.replace(`appVersion: "${version}"`, 'appVersion: "0.0.1"');
    expect(() => checkVersions(version, { ...files, chart })).to.throw('not 0.0.1');
  });

  it('is built for two architectures, with provenance, SBOM and every label of the Dockerfile', () => {
    const { jobs } = parse(read('.github/workflows/release.yaml'));
    const scripts = jobs.publish.steps.map(({ run = '' }: { run?: string }) => run).join('\n');
    for (const part of ['--platform linux/amd64,linux/arm64', '--provenance mode=max', '--sbom true'])
      expect(scripts).to.include(part);
    const names = [...read('Dockerfile').matchAll(/^ARG (\w+)=/gm)].map(([, name]) => name);
    expect(names).to.include('VERSION');
    for (const name of names) {
      expect(scripts).to.include(`--build-arg ${name}=`);
      expect(read('Dockerfile')).to.include(`="\${${name}}"`);
    }
    expect(jobs.publish.needs).to.equal('gate');
  });
});
