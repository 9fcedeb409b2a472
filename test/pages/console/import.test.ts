import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';
import { alertsOf } from '../visitor.ts';
import { type Operator, operator, type Seen } from './operator.ts';

const PATH = '/console/import';

describe('the import of accounts in the console', () => {
  let server: TestServer;
  let support: Operator;

  before(async () => {
    server = await startServer();
    support = await operator(server, 'support');
  });

  after(() => server.stop());

  /** Uploads rows as a browser does, with the fields of the page before the file. */
  async function upload(
    rows: readonly object[] | string | undefined,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Seen> {
    const { page } = await support.open(PATH);
    const form = new FormData();
    for (const [name, value] of Object.entries({ csrf: csrfOf(page), ...fields })) form.set(name, value);
    const text = typeof rows === 'string' ? rows : rows?.map((row) => JSON.stringify(row)).join('\n');
    if (text !== undefined) form.set('file', new File([text], 'accounts.ndjson'));
    const answer = await support.agent.request(server.url + PATH, {
      method: 'POST',
      body: form,
      headers: { 'sec-fetch-site': 'same-origin', ...headers },
    });
    return { status: answer.status, headers: answer.headers, page: await answer.text(), next: '' };
  }

  const newRow = () => ({ external_id: `crm-${randomHex(64)}`, given_name: 'Nok' });
  const accountOf = ({ external_id: id }: { external_id: string }) =>
    server.domain.accounts.withExternalId(id);

  it('creates and updates accounts, and lists the rows that failed', async () => {
    const [one, two] = [newRow(), newRow()];
    const rows = [one, two, { ...newRow(), mobile: '123' }, { given_name: 'Nobody' }];
    const first = await upload(rows, { reason: 'moved from the old shop' });
    expect(first.status).to.equal(200);
    expect(first.page).to.include('INVALID_MOBILE').and.include('IDENTIFIER_MISSING');
    const ids = await Promise.all([one, two].map(accountOf));
    expect(ids.every((id) => id !== undefined)).to.equal(true);
    await upload([{ ...one, given_name: 'Noi' }, two]);
    expect((await server.domain.accounts.find(ids[0] as number))?.profile.firstName).to.equal('Noi');
    expect(await Promise.all([one, two].map(accountOf))).to.deep.equal(ids);
    const { data } = await server.domain.auditSearch.page({ accountId: ids[0] }, { limit: 9 });
    expect(data.map(({ event, actor }) => `${event} ${actor}`)).to.include.members([
      `account.created operator:${support.id}`,
      `account.import_updated operator:${support.id}`,
    ]);
    expect(data.map(({ details }) => details.note)).to.include('moved from the old shop');
  });

  it('changes nothing when it is only checked', async () => {
    const row = newRow();
    const { status, page } = await upload([row], { dry_run: 'true' });
    expect(status).to.equal(200);
    expect(page).to.include('class="console-nav"');
    expect(await accountOf(row)).to.equal(undefined);
  });

  it('asks for a file, and reports what is none', async () => {
    const none = await upload(undefined);
    expect(none.status).to.equal(400);
    expect(alertsOf(none)).to.have.length(1);
    const nonsense = await upload('this is no JSON\n[1]\n\n{"unheard_of":1}');
    expect(nonsense.status).to.equal(200);
    expect(nonsense.page).to.include('INVALID_ROW').and.include('UNKNOWN_MEMBER');
    expect((await upload('')).status).to.be.oneOf([200, 400]);
  });

  it('takes no file from elsewhere', async () => {
    const row = newRow();
    const answers = [
      await upload([row], { csrf: 'x' }),
      await upload([row], {}, { 'sec-fetch-site': 'cross-site' }),
      await upload([row], {}, { origin: 'https://evil.example' }),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([403, 403, 403]);
    await support.open(PATH);
    expect((await support.send(PATH, { file: JSON.stringify(row) })).status).to.be.oneOf([400, 415]);
    expect(await accountOf(row)).to.equal(undefined);
  });
});
