import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { viewChecks } from '../../src/bin/doctor/views.ts';
import { command } from '../support/command.ts';

describe('pratu pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pratu-pages-'));
  const settings = join(mkdtempSync(join(tmpdir(), 'pratu-settings-')), 'settings.yaml');
  writeFileSync(settings, `pages:\n  folder: ${folder}\n`);

  const pages = async (...args: string[]) => {
    const { code, stdout, stderr } = await command(['pages', ...args, '--json'], {
      env: { CONFIG_FILE: settings },
    });
    return { code, stderr, data: stdout ? JSON.parse(stdout) : undefined };
  };
  const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await pages('list')).data.map(({ name, state }: never) => [name, state]));

  it('copies a text, a template and a new language, and knows their originals', async () => {
    expect((await pages('copy', 'messages/en.json', '--key', 'login.title')).code).to.equal(0);
    expect(read('messages/en.json')).to.deep.equal({ 'login.title': 'Sign in' });
    await pages('copy', 'mails/en.json', '--key', 'notices.code-login.sms');
    expect(read('mails/en.json').notices['code-login'].sms).to.have.length(2);
    expect((await pages('copy', 'layout.ejs')).code).to.equal(0);
    expect(await states()).to.deep.equal({
      'layout.ejs': 'same',
      'mails/en.json#notices.code-login.sms': 'same',
      'messages/en.json#login.title': 'same',
    });
    expect((await pages('check')).data).to.deep.equal({ problems: [], unused: [] });
    expect(viewChecks(folder).map(({ status }) => status)).to.deep.equal(['ok']);
  });

  it('tells when an original has changed, until it is accepted, as doctor does', async () => {
    writeFileSync(
      join(folder, 'originals.json'),
      JSON.stringify({ ...read('originals.json'), 'layout.ejs': 'old' }),
    );
    expect(await states()).to.include({ 'layout.ejs': 'changed' });
    const changed = viewChecks(folder).find(({ status }) => status === 'warn');
    expect(changed?.message).to.equal('the original has changed: layout.ejs');
    expect((await pages('accept', 'layout.ejs')).data).to.deep.equal({ recorded: ['layout.ejs'] });
    expect(await states()).to.include({ 'layout.ejs': 'same' });
  });

  it('refuses what is not there, what is there already, and paths out of the folder', async () => {
    for (const path of ['../package.json', 'pages/none.ejs', 'layout.ejs', 'assets/pratu.jss'])
      expect((await pages('copy', path)).code, path).to.equal(1);
    expect((await pages('copy', 'messages/en.json', '--key', 'none')).code).to.not.equal(0);
    expect((await pages('accept', 'pages/none.ejs')).code).to.equal(1);
  });

  it('checks as the server does, and doctor fails', async () => {
    writeFileSync(join(folder, 'messages/en.json'), '{ "login.to": "to nobody" }');
    const { code, data } = await pages('check');
    expect(code).to.equal(1);
    expect(data.problems).to.deep.equal(['messages/en.json: login.to: lacks {client}']);
    expect(viewChecks(folder).map(({ status }) => status)).to.deep.equal(['fail']);
    expect(viewChecks(join(folder, 'none')).map(({ status }) => status)).to.deep.equal(['fail']);
    expect(viewChecks(undefined)).to.deep.equal([]);
  });
});
