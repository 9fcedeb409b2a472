import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { resetClock, setClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce } from '../../support/sign-in.ts';
import { type FakeProvider, fakeApple, fakeGoogle, fakeOidc } from '../../support/upstream/kinds.ts';
import { forgetOperated } from '../../support/upstream/operated.ts';
import { alertsOf } from '../visitor.ts';
import { fieldsOf } from './client-pages.ts';
import { type Operator, operator } from './operator.ts';

const SECRET = 'a-secret-that-no-page-shows';
const PATH = '/console/upstream/partner-id';

describe('sign-in providers in the console', () => {
  let server: TestServer;
  let second: TestServer;
  let admin: Operator;
  let oidc: FakeProvider;

  before(async () => {
    oidc = await fakeOidc('partner-id');
    const outbound = { allow: ['127.0.0.1', 'localhost'] };
    server = await startServer({ outbound, upstream: [(await fakeGoogle('in-file')).settings] });
    second = await startServer({ outbound });
  });
  beforeEach(async () => {
    oidc.issuer.mood = { iss: oidc.issuer.url };
    admin = await operator(server, 'admin');
  });
  afterEach(async () => {
    await resetClock();
    await forgetOperated(server);
    await second.jobs.watching.runNow();
  });
  after(async () => {
    await Promise.all([server.stop(), second.stop()]);
  });

  const form = (more: Record<string, string> = {}): Record<string, string> => ({
    ...{ kind: 'oidc', upstreamId: 'partner-id', clientId: 'pratu', clientSecret: SECRET },
    ...{ issuer: oidc.settings.issuer ?? '', nameTh: 'คู่ค้า', nameEn: 'Partner', position: '' },
    ...more,
  });
  async function add(more: Record<string, string> = {}) {
    await admin.open('/console/new-upstream?kind=oidc');
    return admin.send('/console/new-upstream', form(more));
  }
  const secretOf = () =>
    (server.domain.upstreamProviders as unknown as { settings: { clientSecret?: string }[] }).settings.at(-1)
      ?.clientSecret;
  const signInPage = async ({ url }: TestServer): Promise<string> =>
    (await new BrowserAgent().follow(authorizationUrl(url, pkce().challenge))).text();

  it('are added, listed with their redirect URI, and have a button in every process', async () => {
    expect((await admin.open('/console/new-upstream')).page).to.include('?kind=apple');
    expect(await signInPage(second)).to.not.include('value="partner-id"');
    const seen = await add();
    expect(seen.next).to.equal(`${PATH}?outcome=upstream_created`);
    const { page } = await admin.open('/console/upstream');
    expect(page)
      .to.include(`${server.url}/upstream/partner-id/callback`)
      .and.include('Added by an operator')
      .and.include('Configuration file');
    expect((await admin.open(PATH)).page)
      .to.include('value="Partner"')
      .and.not.include(SECRET);
    await second.jobs.watching.runNow();
    expect(await signInPage(second)).to.include('value="partner-id"');
  });

  it('are refused with what is wrong beside its field', async () => {
    const wrong: [Record<string, string>, string][] = [
      [{ upstreamId: 'Upper' }, 'upstreamId'],
      [{ upstreamId: 'in-file' }, 'upstreamId'],
      [{ issuer: 'nonsense' }, 'issuer'],
      [{ clientSecret: '' }, 'clientSecret'],
      [{ nameEn: '' }, 'nameEn'],
      [{ position: 'first' }, 'position'],
    ];
    for (const [fields, field] of wrong) {
      const seen = await add(fields);
      expect(seen.status, field).to.equal(400);
      expect(alertsOf(seen), field).to.have.length(1);
      expect(seen.page, field).to.match(new RegExp(`name="${field}"[^>]*aria-invalid="true"`));
      expect(seen.page).to.not.include(SECRET);
    }
    expect(server.domain.upstreamProviders.find('partner-id')).to.equal(undefined);
  });

  it('are tested before they are added and after, and nothing is saved', async () => {
    await admin.open('/console/new-upstream?kind=oidc');
    const first = await admin.send('/console/new-upstream/test', form());
    expect(first.page).to.include('The connection works').and.include('Enter the secret again');
    expect(first.page).to.not.include(SECRET);
    expect(server.domain.upstreamProviders.find('partner-id')).to.equal(undefined);
    await add();
    oidc.issuer.mood = { down: true };
    const shown = fieldsOf((await admin.open(PATH)).page);
    const down = await admin.send(`${PATH}/test`, { ...shown, nameEn: 'Another' });
    expect(down.page).to.include('The provider responded with an error').and.include('value="Another"');
    expect((await admin.open(PATH)).page).to.include('value="Partner"');
    await admin.open('/console/upstream/in-file');
    expect((await admin.send('/console/upstream/in-file/test')).page).to.include('The connection works');
  });

  it('keep their secret in a change, which an outdated page cannot make', async () => {
    await add();
    const shown = fieldsOf((await admin.open(PATH)).page);
    const saved = await admin.send(PATH, { ...shown, nameEn: 'Renamed' });
    expect(saved.next).to.equal(`${PATH}?outcome=upstream_changed`);
    expect(secretOf()).to.equal(SECRET);
    await admin.open(PATH);
    const late = await admin.send(PATH, { ...shown, nameEn: 'Late' });
    expect(late.status).to.equal(412);
    expect(server.domain.upstreamProviders.find('partner-id')?.name.en).to.equal('Renamed');
    const elsewhere = { ...fieldsOf((await admin.open(PATH)).page), issuer: 'https://elsewhere.example' };
    expect((await admin.send(PATH, elsewhere)).page).to.match(/name="clientSecret"[^>]*aria-invalid/);
  });

  it('are removed after a recent authentication and a confirmation', async () => {
    await add();
    await admin.open(PATH);
    const wrong = await admin.send(`${PATH}/remove`, { confirmation: 'other' });
    expect(wrong.status).to.equal(400);
    await setClock(server.database, 301);
    const old = await admin.send(`${PATH}/remove`, { confirmation: 'partner-id' });
    expect(old.next).to.not.include('upstream_removed');
    expect(server.domain.upstreamProviders.find('partner-id')).to.not.equal(undefined);
    await resetClock();
    await admin.open(PATH);
    const removed = await admin.send(`${PATH}/remove`, { confirmation: 'partner-id' });
    expect(removed.next).to.equal('/console/upstream?outcome=upstream_removed');
    expect(await signInPage(server)).to.not.include('value="partner-id"');
  });

  it('of Apple have a team and a key', async () => {
    const { settings } = await fakeApple('console-apple');
    if (settings.kind !== 'apple') throw new Error('another kind');
    const { clientId, teamId, keyId, privateKey } = settings;
    await admin.open('/console/new-upstream?kind=apple');
    const sent = { kind: 'apple', upstreamId: 'console-apple', clientId, teamId, keyId, privateKey };
    expect((await admin.send('/console/new-upstream', sent)).status).to.equal(303);
    const { page } = await admin.open('/console/upstream/console-apple');
    expect(page).to.include('TEAM123456').and.not.include('BEGIN PRIVATE KEY');
  });
});
