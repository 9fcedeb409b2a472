import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readMessages, translator } from '../../../src/pages/kit/translations.ts';

const ROOT = new URL('../../../', import.meta.url);
const messages = readMessages();

/** Keys that are composed from data, and the possible values of the data. */
const SCOPES = [
  'openid profile email phone address offline_access global thai_id roles',
  'accounts:lookup bindings:write',
].flatMap((line) => line.split(' '));
const CLAIMS = [
  'name given_name family_name middle_name nickname preferred_username profile picture website gender birthdate',
  'zoneinfo locale updated_at email email_verified phone_number phone_number_verified address',
].flatMap((line) => line.split(' '));
const COMPOSED =
  /^(scope\.|claim\.|device\.error\.|outbox\.channel\.|mobile\.\w+\.|code\.\w+\.|steps_done\.|cannot_send\.|email_link\.\w+\.|account\.done\.|account\.security\.(app_name|(sms|email)(\.|$))|second_factor\.(send|sent)\.|account\.overview\.(profile|contacts|security|access|privacy|method\.[\w-]+)$|account\.delete\.goes\.|provider\.|second_factor\.lost\.|authenticator\.|console\.(role|status|done|event|reason|limit|key|kind|message|channel|contact|effect|secret|audit|refused|account|today|import)\.|console\.clients\.(field|hint|rotate|keep)\.|console\.receipts\.by\.|console\.webhooks\.(state|reason|delivery|keep)\.|console\.upstream\.(field|hint|check|outcome)\.|console\.\w+\.title$|terms\.(terms|privacy)$|account\.consents\.(outdated|not_given|given)$|consent_channel\.|error\.next\.|error\.\w+\.(title|text)$)/;

const sources = (folder: string, extension: string): string[] =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension) && !file.startsWith('mails'))
    .map((file) => readFileSync(new URL(`${folder}${file}`, ROOT), 'utf8'));

const keysInUse = new Set(
  [...sources('views/', '.ejs'), ...sources('src/pages/', '.ts')].flatMap((source) =>
    [...source.matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)].map(([, key = '']) => key),
  ),
);

const placeholders = (sentence = ''): string[] => (sentence.match(/\{\w+\}/g) ?? []).sort();

describe('the messages', () => {
  it('have the same keys and placeholders in both languages', () => {
    expect(Object.keys(messages.th)).to.have.members(Object.keys(messages.en));
    for (const key of Object.keys(messages.en)) {
      expect(placeholders(messages.th[key]), key).to.deep.equal(placeholders(messages.en[key]));
    }
  });

  it('are never empty, and Thai is Thai', () => {
    for (const [key, sentence] of [...Object.entries(messages.en), ...Object.entries(messages.th)]) {
      expect(sentence, key).to.match(/\S/);
      expect(sentence, key).to.equal(sentence.trim());
    }
    const untranslated = Object.keys(messages.th).filter((key) => !/[ก-๛]/.test(messages.th[key] ?? ''));
    expect(untranslated).to.have.members([
      'device.ip',
      'provider.line',
      'outbox.channel.sms',
      'console.channel.sms',
      'console.kind.fapi_2',
      'console.receipts.id',
      'console.webhooks.url',
    ]);
  });

  it('have no key that nothing uses', () => {
    const unused = Object.keys(messages.en).filter((key) => !keysInUse.has(key) && !COMPOSED.test(key));
    expect(unused).to.deep.equal([]);
  });

  it('have a key for every literal in a template', () => {
    const used = sources('views/', '.ejs').flatMap((source) =>
      [...source.matchAll(/\bt\('([^']+)'/g)].map(([, key = '']) => key),
    );
    expect(used).to.have.length.above(30);
    expect(used.filter((key) => !Object.hasOwn(messages.en, key))).to.deep.equal([]);
  });

  it('cover every scope and claim, and each error with title and text', () => {
    const members = (family: string): string[] =>
      Object.keys(messages.en)
        .filter((key) => key.startsWith(family))
        .map((key) => key.slice(family.length));
    expect(members('scope.')).to.have.members(SCOPES);
    expect(members('claim.')).to.have.members(CLAIMS);
    const titled = members('error.').filter((key) => key.endsWith('.title'));
    expect(members('error.').filter((key) => key.endsWith('.text'))).to.have.members(
      titled.map((key) => key.replace('title', 'text')),
    );
  });
});

describe('translator', () => {
  const t = translator({ plain: 'Hello', named: '{name} and {name}: {other}' });

  it('fills in every placeholder, and takes the values literally', () => {
    expect(t('plain')).to.equal('Hello');
    expect(t('named', { name: '$& {other}', other: '$1' })).to.equal('$& {other} and $& {other}: $1');
  });

  it('throws for an unknown key and a missing value', () => {
    expect(() => t('constructor')).to.throw('no message constructor');
    expect(() => t('named', { name: 'a' })).to.throw('named needs {other}');
  });

  it('tells which keys exist', () => {
    expect([t.has('plain'), t.has('toString')]).to.deep.equal([true, false]);
  });
});
