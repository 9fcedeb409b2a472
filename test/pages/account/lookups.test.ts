import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { somebody } from './visitor.ts';

const PATH = '/account/lookups';

describe('the page of lookups', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  const lookUp = (mobile: string, purpose: string): Promise<unknown> =>
    server.domain.accountSearch.find({
      clientId: '2171',
      identifier: { kind: 'mobile', key: `+66${mobile.slice(1)}` },
      purpose,
    });

  it('is for those who are signed in', async () => {
    expect((await (await somebody(server)).open(PATH)).next).to.include('/oauth/authorize?');
  });

  it('says who looked for this account, when and why, and of no other', async () => {
    const [person, other] = await Promise.all([somebody(server), somebody(server)]);
    await person.signIn();
    expect((await person.open(PATH)).page).to.include('No one has looked up your account.');
    await lookUp(other.mobile, 'about the other');
    await lookUp(person.mobile, 'points & <gifts>');
    const { page } = await person.open(PATH);
    expect(page).to.include('points &amp; &lt;gifts&gt;').and.include('Account found');
    expect(page).to.not.include('about the other');
    expect((await person.open(`${PATH}?lang=th`)).page).to.include('พบบัญชี');
  });
});
