import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkViews } from '../../../src/domain/views/check-views.ts';
import { replacedIn } from '../../../src/domain/views/originals.ts';
import { picked } from '../../../src/domain/views/texts.ts';
import { readViews } from '../../../src/domain/views/views.ts';
import { folderWith } from './folder.ts';

const check = (files: Record<string, string | object>) => checkViews(readViews(folderWith(files)));
const sms = (...wordings: string[]) => ({ notices: { 'code-login': { sms: wordings } } });

describe('texts and templates of a folder', () => {
  it('replace ours key by key and file by file', () => {
    const views = readViews(
      folderWith({ 'messages/en.json': { 'login.title': 'Hello' }, 'pages/sign-in/home.ejs': 'home' }),
    );
    const own = readViews();
    expect(views.texts('messages', 'en')).to.deep.equal({
      ...own.texts('messages', 'en'),
      'login.title': 'Hello',
    });
    expect(views.texts('messages', 'th')).to.deep.equal(own.texts('messages', 'th'));
    expect(views.read('pages/sign-in/home.ejs')).to.equal('home');
    expect(views.read('layout.ejs')).to.equal(own.read('layout.ejs'));
    expect(views.locales).to.deep.equal(['th', 'en']);
  });

  it('add a language, in which English stands for what is missing, the folder’s own first', () => {
    const views = readViews(
      folderWith({
        'messages/en.json': { 'login.submit': 'Go' },
        'messages/lo.json': { 'login.title': 'ເຂົ້າສູ່ລະບົບ' },
        'mails/lo.json': { greeting: { other: 'ສະບາຍດີ' } },
      }),
    );
    expect(views.locales).to.deep.equal(['th', 'en', 'lo']);
    const english = readViews().texts('messages', 'en');
    expect(views.texts('messages', 'lo')).to.deep.equal({
      ...english,
      'login.submit': 'Go',
      'login.title': 'ເຂົ້າສູ່ລະບົບ',
    });
    const greeting = readViews().texts('mails', 'en').greeting as object;
    expect(views.texts('mails', 'lo').greeting).to.deep.equal({ ...greeting, other: 'ສະບາຍດີ' });
  });

  it('are refused where a placeholder is missing or unknown, by file, key and placeholder', () => {
    expect(check({ 'mails/th.json': sms('รหัส {reference}') }).problems).to.deep.equal([
      'mails/th.json: notices.code-login.sms: lacks {code}',
    ]);
    expect(check({ 'mails/lo.json': sms('{code} {reference}', '{code}') }).problems).to.deep.equal([
      'mails/lo.json: notices.code-login.sms: lacks {reference}',
    ]);
    expect(check({ 'messages/en.json': { 'login.to': '{client} {cleint}' } }).problems).to.deep.equal([
      'messages/en.json: login.to: has unknown {cleint}',
    ]);
    // the product name is optional
    expect(check({ 'mails/en.json': sms('{code} ({reference})') }).problems).to.deep.equal([]);
  });

  it('are refused where they are not texts, are broken, or do not compile', () => {
    expect(check({ 'messages/en.json': { 'login.title': 7 } }).problems).to.deep.equal([
      'messages/en.json: login.title: must be a text',
    ]);
    expect(check({ 'mails/en.json': sms() }).problems).to.have.length(1);
    for (const broken of ['{', '[]', 'null', '"text"'])
      expect(check({ 'messages/en.json': broken }).problems, broken).to.deep.equal([
        'messages/en.json: must be a JSON object',
      ]);
    const { problems } = check({ 'pages/sign-in/home.ejs': '<% if (true) { %>' });
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/^pages\/sign-in\/home\.ejs: ./);
  });

  it('that are unused are reported, and not refused', () => {
    const files = {
      'messages/en.json': { 'no.such.key': 'x', 'catalogue.PASSWORD_TOO_SHORT': 'y', 'catalogue.NONE': 'z' },
      'pages/sign-in/none.ejs': 'x',
      'partials/of-our-own.ejs': 'x',
      'assets/pratu.js': 'alert(1)',
      'assets/custom.css': 'p {}',
      'notes.txt': '',
      'README.md': '',
      '.gitignore': '',
    };
    expect(check(files)).to.deep.equal({
      problems: [],
      unused: [
        'assets/pratu.js',
        'messages/en.json: no.such.key',
        'messages/en.json: catalogue.NONE',
        'notes.txt',
        'pages/sign-in/none.ejs',
      ],
    });
  });

  it('may be mounted as Kubernetes does it: as links into a hidden folder', () => {
    const folder = folderWith({ 'messages/..2026_11/en.json': { 'login.title': 'Hello' } });
    symlinkSync('..2026_11', join(folder, 'messages/..data'));
    symlinkSync('..data/en.json', join(folder, 'messages/en.json'));
    const views = readViews(folder);
    expect(views.files).to.deep.equal(['messages/en.json']);
    expect(checkViews(views)).to.deep.equal({ problems: [], unused: [] });
  });

  it('never come from outside of the folder', () => {
    const outside = folderWith({ 'secret.json': { 'login.title': 'x' } });
    const folder = folderWith({ 'messages/en.json': {} });
    symlinkSync(join(outside, 'secret.json'), join(folder, 'messages/th.json'));
    expect(() => readViews(folder)).to.throw(
      'messages/th.json: a symbolic link must not lead out of the folder',
    );
    const dangling = folderWith({ 'messages/en.json': {} });
    symlinkSync(join(outside, 'none'), join(dangling, 'layout.ejs'));
    expect(() => readViews(dangling)).to.throw('layout.ejs');
    const inside = folderWith({ 'shared/login.ejs': 'shared' });
    symlinkSync(join(inside, 'shared/login.ejs'), join(inside, 'layout.ejs'));
    expect(readViews(inside).read('layout.ejs')).to.equal('shared');
    for (const path of ['../package.json', 'messages/../../package.json', '/etc/passwd'])
      expect(() => readViews(inside).read(path), path).to.throw('no file');
    expect(() => readViews('/no/such/folder')).to.throw('/no/such/folder');
  });

  it('are compared with the originals that they were made from', () => {
    const files = { 'messages/en.json': { 'login.title': 'Hello', 'no.key': 'x' }, 'layout.ejs': 'x' };
    const recorded = (originals: object) =>
      Object.fromEntries(
        replacedIn(readViews(folderWith({ ...files, 'originals.json': originals }))).map(
          ({ name, state }) => [name, state],
        ),
      );
    expect(recorded({ 'layout.ejs': 'another' })).to.deep.equal({
      'layout.ejs': 'changed',
      'messages/en.json#login.title': 'unrecorded',
      'messages/en.json#no.key': 'gone',
    });
  });

  it('are picked one by one, by a key that may go through several objects', () => {
    const all = { 'a.b': 'flat', a: { c: { d: 'deep', e: 'other' } } };
    expect(picked({}, all, 'a.b')).to.deep.equal({ 'a.b': 'flat' });
    expect(picked({ a: { x: 'kept' } }, all, 'a.c.d')).to.deep.equal({ a: { x: 'kept', c: { d: 'deep' } } });
    for (const key of ['b', 'a.c.f', 'a.b.c', ''])
      expect(() => picked({}, all, key), key).to.throw('no text');
  });
});
