import { expect } from 'chai';
import { consentRecords } from '../../../src/domain/consent-records/consent-records.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const ON = { channel: 'pages', language: 'th' } as const;
const MARKETING = { purpose: 'marketing', version: '1' };
const TERMS = { purpose: 'terms', version: '1', uri: 'https://id.example/terms' } as const;

describe('consent records', () => {
  let domain: EmptyDomain;
  let id: number;

  before(async () => {
    domain = await emptyDomain();
  });
  beforeEach(async () => {
    ({ id } = await domain.lifecycle.create({}));
  });
  after(() => domain.leave());

  /** The same records with other texts, as another process has them after an upgrade. */
  const withTexts = (...versions: string[]) =>
    consentRecords({
      db: domain.database.knex,
      texts: versions.map((version) => ({ ...TERMS, version })),
      purposes: domain.consentRecords.purposes,
      subscriptions: domain.subscriptions,
    });
  const listed = async () =>
    (await domain.consentRecords.list(id)).map(({ purpose, version, withdrawnAt }) => ({
      ...{ purpose, version, isOpen: withdrawnAt === null },
    }));
  const events = async () =>
    (await domain.database.knex('audit').where({ account_id: id }).orderBy('id'))
      .filter(({ event }) => event.startsWith('consent.'))
      .map(({ event, details }) => [event, details.purpose, details.version, details.channel]);

  it('name English for a person who reads a language in which the text is not written', async () => {
    await domain.consentRecords.give(id, MARKETING, { ...ON, language: 'lo' });
    expect((await domain.consentRecords.list(id))[0]?.language).to.equal('en');
  });

  it('keep when, where, in which language and for which text a consent was given and withdrawn', async () => {
    expect(await domain.consentRecords.give(id, MARKETING, ON)).to.equal(true);
    await domain.consentRecords.withdraw(id, 'marketing', ON);
    await domain.consentRecords.give(id, MARKETING, { ...ON, language: 'en', clientId: 'app' });
    const [second, first] = await domain.consentRecords.list(id);
    expect(first).to.deep.include({ ...MARKETING, ...ON, clientId: null, withdrawnChannel: 'pages' });
    expect(first?.withdrawnAt).to.be.greaterThanOrEqual(first?.givenAt as Date);
    expect(second).to.deep.include({ language: 'en', clientId: 'app', withdrawnAt: null });
    expect(await events()).to.deep.equal([
      ['consent.granted', 'marketing', '1', 'pages'],
      ['consent.withdrawn', 'marketing', '1', 'pages'],
      ['consent.granted', 'marketing', '1', 'pages'],
    ]);
  });

  it('refuse a purpose that is not configured, and a version that is not in force', async () => {
    expect(await codeOf(domain.consentRecords.give(id, { purpose: 'other', version: '1' }, ON))).to.equal(
      'NOT_FOUND',
    );
    expect(await codeOf(domain.consentRecords.withdraw(id, 'other', ON))).to.equal('NOT_FOUND');
    expect(await domain.consentRecords.give(id, { ...MARKETING, version: '0' }, ON)).to.equal(false);
    expect(await listed()).to.deep.equal([]);
  });

  it('are recorded once for simultaneous forms, and each withdrawal counts once', async () => {
    const both = [domain.consentRecords, withTexts()];
    await Promise.all([...both, ...both].map((records) => records.give(id, MARKETING, ON)));
    expect(await listed()).to.deep.equal([{ ...MARKETING, isOpen: true }]);
    await Promise.all([...both, ...both].map((records) => records.withdraw(id, 'marketing', ON)));
    expect(await listed()).to.deep.equal([{ ...MARKETING, isOpen: false }]);
    expect(await events()).to.have.length(2);
  });

  it('of simultaneous consent and withdrawal end in one order or the other', async () => {
    await domain.consentRecords.give(id, MARKETING, ON);
    await Promise.all([
      withTexts().withdraw(id, 'marketing', ON),
      domain.consentRecords.give(id, MARKETING, ON),
      withTexts().withdraw(id, 'marketing', ON),
      domain.consentRecords.give(id, MARKETING, ON),
    ]);
    const records = await listed();
    expect(records.filter(({ isOpen }) => isOpen).length).to.be.at.most(1);
    const trail = await events();
    const granted = trail.filter(([event]) => event === 'consent.granted').length;
    expect(records).to.have.length(granted);
    expect(records.filter(({ isOpen }) => !isOpen)).to.have.length(trail.length - granted);
  });

  it('of a withdrawal end the subscriptions in the same transaction', async () => {
    const db = domain.database.knex;
    await domain.subscriptions.replace(db, id, [{ topic: 'news', channel: 'mail' }]);
    await domain.consentRecords.give(id, MARKETING, ON);
    expect(await domain.subscriptions.list(id)).to.have.length(1);
    const failing = consentRecords({
      ...{ db, texts: [], purposes: domain.consentRecords.purposes },
      subscriptions: { replace: () => Promise.reject(new Error('no')) },
    });
    expect(await codeOf(failing.withdraw(id, 'marketing', ON))).to.equal('Error: no');
    expect(await listed()).to.deep.equal([{ ...MARKETING, isOpen: true }]);
    await domain.consentRecords.withdraw(id, 'marketing', ON);
    expect(await domain.subscriptions.list(id)).to.deep.equal([]);
  });

  it('ask for each version of the terms once', async () => {
    expect(await domain.consentRecords.due(id)).to.deep.equal([]);
    const first = withTexts('1');
    expect((await first.due(id)).map(({ standing }) => standing)).to.deep.equal(['not_given']);
    await Promise.all([first.accept(id, ON), withTexts('1').accept(id, ON)]);
    expect(await first.due(id)).to.deep.equal([]);
    const next = withTexts('2');
    expect((await next.due(id)).map(({ standing }) => standing)).to.deep.equal(['outdated']);
    await next.accept(id, ON);
    expect(await next.due(id)).to.deep.equal([]);
    expect(await listed()).to.deep.equal([
      { purpose: 'terms', version: '2', isOpen: true },
      { purpose: 'terms', version: '1', isOpen: true },
    ]);
    expect(await codeOf(next.withdraw(id, 'terms', ON))).to.equal('NOT_FOUND');
  });

  it('are listed a page at a time, newest first', async () => {
    for (const version of ['1', '2', '3']) await withTexts(version).accept(id, ON);
    const first = await domain.consentRecordPages.page(id, { limit: 2 });
    expect(first.data.map(({ version }) => version)).to.deep.equal(['3', '2']);
    const second = await domain.consentRecordPages.page(id, { limit: 2, after: first.next ?? '' });
    expect([second.data.map(({ version }) => version), second.next]).to.deep.equal([['1'], null]);
    expect(
      await codeOf(domain.consentRecordPages.page(id + 1, { limit: 2, after: first.next ?? '' })),
    ).to.equal('INVALID_CURSOR');
  });

  it('go with the account', async () => {
    await domain.consentRecords.give(id, MARKETING, ON);
    await domain.lifecycle.remove(id);
    expect(await domain.consentRecords.list(id)).to.deep.equal([]);
    expect(await codeOf(domain.consentRecords.give(id, MARKETING, ON))).to.equal('ACCOUNT_DELETED');
  });
});
