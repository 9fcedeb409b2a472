import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { securityTxtCheck } from '../../src/bin/doctor/security-txt.ts';
import { type ConfigError, loadConfig } from '../../src/config/load-config.ts';
import type { SecurityTxtSettings } from '../../src/config/security-txt.ts';
import { securityTxt } from '../../src/http/security-txt.ts';
import { TEST_SECRET_KEY } from '../support/config.ts';
import { checkAnswer } from '../support/openapi.ts';
import { startServer, testServer } from '../support/server.ts';

const PATH = '/.well-known/security.txt';
const SETTINGS: SecurityTxtSettings = {
  contacts: ['mailto:security@example.com', 'https://example.com/report'],
  expires: '2027-06-30T00:00:00Z',
  policy: 'https://example.com/disclosure',
  languages: ['th', 'en'],
};

describe('security.txt', () => {
  it('has the fields that are configured, the contacts in their order', () => {
    expect(securityTxt('https://id.example.com', SETTINGS)).to.equal(
      [
        'Contact: mailto:security@example.com',
        'Contact: https://example.com/report',
        'Expires: 2027-06-30T00:00:00Z',
        'Preferred-Languages: th, en',
        'Canonical: https://id.example.com/.well-known/security.txt',
        'Policy: https://example.com/disclosure',
        '',
      ].join('\n'),
    );
    const more = {
      acknowledgments: 'https://example.com/thanks',
      encryption: 'openpgp4fpr:5f2de5521c63a801',
    };
    expect(securityTxt('https://id.example.com', { ...SETTINGS, ...more, languages: [] }))
      .to.include('\nEncryption: openpgp4fpr:5f2de5521c63a801\nAcknowledgments: https://example.com/thanks\n')
      .and.not.include('Preferred-Languages');
  });

  it('is served as text, and to be cached', async () => {
    const server = await startServer({ securityTxt: SETTINGS }, { alone: true });
    try {
      const answer = await fetch(server.url + PATH);
      const text = await answer.text();
      checkAnswer(`GET ${PATH}`, answer.status, answer.headers, text);
      expect(answer.headers.get('content-type')).to.equal('text/plain; charset=utf-8');
      expect(answer.headers.get('cache-control')).to.equal('public, max-age=3600');
      expect(text).to.include(`Canonical: ${server.url}${PATH}\n`);
    } finally {
      await server.stop();
    }
  });

  it('is not found unless a contact is configured', async () => {
    const server = await testServer();
    const answer = await fetch(server.url + PATH);
    checkAnswer(`GET ${PATH}`, answer.status, answer.headers, await answer.text());
    expect(answer.status).to.equal(404);
  });

  describe('in the settings', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pratu-security-txt-'));
    });
    after(() => rm(folder, { recursive: true }));

    async function problems(settings: object): Promise<string> {
      const file = join(folder, 'own.yaml');
      await writeFile(file, stringify({ securityTxt: settings }));
      try {
        await loadConfig({ NODE_ENV: 'test', SECRET_KEY: TEST_SECRET_KEY, CONFIG_FILE: file });
        return '';
      } catch (error) {
        return (error as ConfigError).problems.join('\n');
      }
    }

    it('needs a day on which it expires', async () => {
      expect(await problems(SETTINGS)).to.equal('');
      expect(await problems({ contacts: [] })).to.equal('');
      expect(await problems({ contacts: SETTINGS.contacts })).to.include('securityTxt.expires: required');
      expect(await problems({ ...SETTINGS, expires: 'next year' })).to.include('securityTxt.expires');
    });

    it('takes no value that would be another line, and no link without https', async () => {
      for (const contact of [
        'security@example.com',
        'http://example.com',
        'mailto:a@example.com\nContact: x',
        'mailto:',
      ])
        expect(await problems({ ...SETTINGS, contacts: [contact] }), contact).to.include(
          'securityTxt.contacts.0',
        );
      expect(await problems({ ...SETTINGS, policy: 'http://example.com' })).to.include('securityTxt.policy');
      expect(await problems({ ...SETTINGS, languages: ['th, en'] })).to.include('securityTxt.languages.0');
    });

    it('are watched by the doctor', () => {
      const at = (day: string, settings = SETTINGS) =>
        securityTxtCheck({ securityTxt: settings }, new Date(`${day}T00:00:00Z`));
      expect(at('2027-01-31')).to.deep.include({ name: 'security.txt', status: 'ok' });
      expect(at('2027-06-10')).to.include({ status: 'warn', message: 'expires on 2027-06-30T00:00:00Z' });
      expect(at('2027-07-02').message).to.include('expired');
      expect(at('2026-01-01').message).to.include('more than a year ahead');
      expect(at('2027-07-02', { ...SETTINGS, contacts: [] }).status).to.equal('ok');
    });
  });
});
