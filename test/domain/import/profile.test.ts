import { expect } from 'chai';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { imported } from './importing.ts';

const ROW = {
  external_id: 'kc-1',
  given_name: 'นก',
  middle_name: 'ชัย',
  nickname: 'นก',
  preferred_username: 'nok',
  profile: 'https://example.com/nok',
  website: 'https://nok.example.com',
};
const PROFILE = {
  middleName: 'ชัย',
  nickname: 'นก',
  preferredUsername: 'nok',
  profileUri: 'https://example.com/nok',
  websiteUri: 'https://nok.example.com',
};

describe('the profile of an import', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });
  beforeEach(() => domain.empty());
  after(() => domain.leave());

  const accountOf = async (externalId: string) =>
    domain.accounts.find((await domain.accounts.withExternalId(externalId)) ?? 0);

  it('has every name and address of the row, and keeps what a later row leaves out', async () => {
    const later = { external_id: 'kc-1', nickname: 'Bird', profile: '', website: null };
    const { reports } = await imported(domain, [ROW, ROW, later]);
    expect(reports.map(({ status }) => status)).to.deep.equal(['created', 'unchanged', 'updated']);
    const account = await accountOf('kc-1');
    expect(account?.profile).to.include({ ...PROFILE, nickname: 'Bird' });
    const [event] = await domain.history.of(account?.id ?? 0);
    expect(event?.details).to.deep.equal({ fields: 'nickname' });
  });

  it('is refused with everything that is wrong', async () => {
    const wrong = {
      middle_name: '1',
      nickname: 7,
      preferred_username: 'a@b.co',
      profile: 'x',
      website: 'ftp://a',
    };
    const { reports } = await imported(domain, [{ ...ROW, ...wrong }]);
    expect(reports[0]?.errors.map(({ pointer, code }) => `${pointer} ${code}`)).to.deep.equal([
      '/middle_name INVALID_NAME',
      '/nickname INVALID_TEXT',
      '/preferred_username INVALID_USERNAME',
      '/profile INVALID_WEB_ADDRESS',
      '/website INVALID_WEB_ADDRESS',
    ]);
  });

  it('is erased with the account', async () => {
    await imported(domain, [ROW]);
    const { id = 0 } = (await accountOf('kc-1')) ?? {};
    await domain.lifecycle.remove(id);
    const row = await domain.database.knex('accounts').where({ id }).first();
    for (const column of ['middle_name', 'nickname', 'preferred_username', 'profile_uri', 'website_uri'])
      expect(row[column], column).to.equal(null);
  });
});
