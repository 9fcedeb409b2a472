import { expect } from 'chai';
import { startServer, type TestServer } from '../../support/server.ts';
import {
  newMobile,
  newPartner,
  type Partner,
  partnersClient,
  searchHeaders,
  verifyHeaders,
} from './partners-client.ts';

const ON = { channel: 'pages', language: 'th' } as const;
const CONSENT = { purpose: 'partners', version: '1' };

describe('Partners API: where lookups need consent', () => {
  let server: TestServer;
  let api: ReturnType<typeof partnersClient>;
  let partner: Partner;

  before(async () => {
    server = await startServer({ partners: { searchesPerMinute: 1000, needConsent: true } });
    api = partnersClient(server);
    partner = await newPartner(server);
  });
  after(() => server.stop());

  async function somebody() {
    const mobile = newMobile();
    const contacts = [{ kind: 'mobile' as const, value: mobile, verified: true }];
    return { mobile, id: (await server.domain.lifecycle.create({ contacts })).id };
  }
  async function answers(mobile: string) {
    const search = await api.search(searchHeaders(partner, mobile), '?last_access_flag=all');
    const verify = await api.verify(verifyHeaders(partner), `?mobile=${mobile}`);
    return [search.status, search.body.data, verify.status, verify.body.data];
  }

  it('finds an account while its owner allows it, and nobody otherwise', async () => {
    const { id, mobile } = await somebody();
    const nobody = await answers(newMobile());
    expect(await answers(mobile)).to.deep.equal(nobody);
    await server.domain.consentRecords.give(id, CONSENT, ON);
    expect(await answers(mobile)).to.not.deep.equal(nobody);
    await server.domain.consentRecords.withdraw(id, 'partners', ON);
    expect(await answers(mobile)).to.deep.equal(nobody);
  });

  it('counts a consent for the text in force only', async () => {
    const { id, mobile } = await somebody();
    const nobody = await answers(newMobile());
    await server.database.knex('consent_records').insert({
      ...{ account_id: id, purpose: 'partners', version: '0', language: 'th', channel: 'pages' },
    });
    expect(await answers(mobile)).to.deep.equal(nobody);
    // a consent to another purpose does not allow it either
    await server.domain.consentRecords.give(id, { purpose: 'marketing', version: '1' }, ON);
    expect(await answers(mobile)).to.deep.equal(nobody);
  });
});
