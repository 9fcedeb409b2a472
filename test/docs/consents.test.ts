import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { command } from '../support/command.ts';
import { TEST_SECRET_KEY } from '../support/config.ts';
import { testServer } from '../support/server.ts';
import { commandsOf, shellBlocks } from './shell-blocks.ts';

describe('docs/consents.md', () => {
  let page: string;
  before(async () => {
    await testServer();
    page = await readFile(new URL('../../docs/consents.md', import.meta.url), 'utf8');
  });

  /** Loads settings as the file that `CONFIG_FILE` names. Returns the settings, or the problems. */
  async function loaded(yaml: string) {
    const directory = await mkdtemp(join(tmpdir(), 'pratu-consents-'));
    const file = join(directory, 'own.yaml');
    await writeFile(file, yaml);
    try {
      return await loadConfig({ NODE_ENV: 'test', SECRET_KEY: TEST_SECRET_KEY, CONFIG_FILE: file });
    } catch (error) {
      return (error as { problems: string[] }).problems;
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  it('has settings that load', async () => {
    const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    const config = await loaded(yaml);
    expect(config).to.have.nested.property('pages.terms.version', '2026-11');
    expect(config).to.have.nested.property('retention.inactiveDays', 1095);
    expect(config).to.have.nested.property('consents.purposes[1].covers[0]', 'partners');
  });

  it('is right about settings that do not load', async () => {
    const purpose = (name: string, more = '') =>
      `{ purpose: ${name}, version: 2, title: { th: ก, en: a }, text: { th: ก, en: a }${more} }`;
    const wrong: [string, string][] = [
      ['pages: { termsUri: "https://id.example/terms" }', 'now pages.terms, with uri and version'],
      ['pages: { terms: { uri: "https://id.example/terms" } }', 'pages.terms.version'],
      ['pages: { terms: { version: 1, uri: "javascript:alert(1)" } }', 'pages.terms.uri'],
      [`consents: { purposes: [${purpose('terms')}] }`, 'terms is the setting pages.terms'],
      [`consents: { purposes: [${purpose('a')}, ${purpose('a')}] }`, 'a is there twice'],
      [`consents: { purposes: [${purpose('A b')}] }`, 'consents.purposes.0.purpose'],
      [`consents: { purposes: [${purpose('a', ', covers: [all]')}] }`, 'consents.purposes.0.covers.0'],
      [
        `{ consents: { purposes: [${purpose('a')}] }, partners: { needConsent: true } }`,
        'no purpose in consents.purposes covers partners',
      ],
      ['retention: { noticeDays: 0 }', 'retention.noticeDays'],
    ];
    for (const [yaml, problem] of wrong) {
      const problems = await loaded(yaml);
      expect(problems, yaml).to.be.an('array');
      expect((problems as string[]).join('\n'), yaml).to.include(problem);
    }
    expect(await loaded(`consents: { purposes: [${purpose('a')}] }`)).to.have.nested.property(
      'consents.purposes[0].version',
      '2',
    );
  });

  it('has commands that do what it says', async () => {
    const [block = ''] = shellBlocks(page);
    let receipt = '';
    const outcomes: string[] = [];
    for (const line of await commandsOf(block)) {
      const args = line.replace('npm run -s pratu -- ', '').replace('RECEIPT', receipt).split(' ');
      const { code, stdout, stderr } = await command(args);
      expect(code, `${line}: ${stderr}`).to.equal(0);
      receipt = /^[\w-]+\.[\w-]+\.[\w-]+$/m.exec(stdout)?.[0] ?? receipt;
      outcomes.push(stdout);
    }
    expect(outcomes).to.have.length(5);
    expect(outcomes[1]).to.include('purpose').and.include('withdrawn');
    expect(outcomes[2]).to.include('has been erased');
    expect(outcomes[3]).to.include('operator');
    expect(outcomes[4]).to.include('valid').and.include('erased_by');
  });
});
