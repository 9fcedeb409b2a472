import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { createClient } from '../../support/clients.ts';
import { resetClock, setClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';
import { alertsOf } from '../visitor.ts';
import { create, fieldsOf, isSecretOf, numbersOf, secretsOf, unescaped } from './client-pages.ts';
import { notice, type Operator, operator, type Seen } from './operator.ts';

describe('clients in the console', () => {
  let server: TestServer;
  let admin: Operator;

  before(async () => {
    server = await startServer();
  });

  beforeEach(async () => {
    admin = await operator(server, 'admin');
  });

  afterEach(() => resetClock());

  after(() => server.stop());

  const registered = async (id: string) => (await server.domain.clients.find(id))?.metadata;

  it('are registered, and their secret is shown once', async () => {
    const { id, seen } = await create(admin, { client_name: 'ร้านกาแฟ', reason: 'new shop' });
    expect(seen.status).to.equal(201);
    expect(seen.headers.get('cache-control')).to.include('no-store');
    const [secret = ''] = secretsOf(seen.page);
    expect(secret).to.have.length.above(20);
    expect(await isSecretOf(server, id, secret)).to.equal(true);
    const { page } = await admin.open(`/console/clients/${id}`);
    expect(page).to.include('ร้านกาแฟ').and.not.include(secret);
    const [event] = (
      await server.domain.auditSearch.page({ clientId: id, event: 'client.created' }, { limit: 5 })
    ).data;
    expect(event).to.deep.include({ actor: `operator:${admin.id}` });
    expect(event?.details.note).to.equal('new shop');
    expect(JSON.stringify(event)).to.not.include(secret);
  });

  it('are refused with what is wrong beside its field, as it was typed', async () => {
    const wrong: [Record<string, string>, string][] = [
      [{ redirect_uris: 'nonsense' }, 'redirect_uris'],
      [{ scope: 'openid unheard-of' }, 'scope'],
      [{ grant_types: 'authorization_code\nmagic' }, 'grant_types'],
      [{ token_endpoint_auth_method: 'shouting' }, 'token_endpoint_auth_method'],
      [{ more: '{' }, 'more'],
      [{ more: '[1]' }, 'more'],
      [{ more: '"text"' }, 'more'],
      [{ more: '{"favourite_colour":"green"}' }, ''],
      [{ client_id: 'spa' }, 'client_id'],
    ];
    for (const [fields, field] of wrong) {
      const { seen } = await create(admin, fields);
      const label = JSON.stringify(fields);
      expect(seen.status, label).to.be.oneOf([400, 409]);
      expect(alertsOf(seen), label).to.have.length(1);
      for (const [name, value] of Object.entries(fields))
        expect(fieldsOf(seen.page)[name]?.trim(), label).to.equal(value);
      if (field !== '')
        expect(seen.page, label).to.match(new RegExp(`name="${field}"[^>]*aria-invalid="true"`));
    }
  });

  it('are marked for FAPI 2.0 by a checkbox, which completes their registration', async () => {
    const { id, seen } = await create(admin, {
      fapi_profile: 'true',
      token_endpoint_auth_method: 'private_key_jwt',
      redirect_uris: 'https://shop.example.com/cb',
      more: '{"jwks_uri":"https://shop.example.com/keys"}',
    });
    // there is no secret to show
    expect(seen.status).to.equal(303);
    expect(await registered(id)).to.include({ fapi_profile: '2.0', dpop_bound_access_tokens: true });
    const { page } = await admin.open(`/console/clients/${id}`);
    expect(page).to.match(/name="fapi_profile"[^>]* checked/);
    expect(page).to.include('FAPI 2.0');

    const { seen: refused } = await create(admin, { fapi_profile: 'true' });
    expect(alertsOf(refused)).to.not.be.empty;
    expect(refused.page).to.match(/name="fapi_profile"[^>]* checked/);
  });

  it('are changed after a review, which changes nothing and tells what would end', async () => {
    const { id, seen } = await create(admin, {
      grant_types: 'client_credentials',
      redirect_uris: '',
      more: JSON.stringify({ client_credentials_scope: 'api:read' }),
    });
    expect(seen.status, alertsOf(seen).join()).to.equal(201);
    const issued = await tokenRequest(
      server.url,
      { grant_type: 'client_credentials', resource: 'http://localhost:8080/opaque', scope: 'api:read' },
      { authorization: `Basic ${Buffer.from(`${id}:${secretsOf(seen.page)[0]}`).toString('base64')}` },
    );
    expect(issued.status, JSON.stringify(issued.body)).to.equal(200);
    // an empty scope, which the form cannot distinguish from a missing one
    const made = await registered(id);
    await server.domain.clients.change({ ...made, client_id: id, scope: '' });
    const path = `/console/clients/${id}`;
    const before = await registered(id);
    const shown = fieldsOf((await admin.open(path)).page);
    const same = await admin.send(`${path}/review`, shown);
    expect(same.status).to.equal(200);
    expect(same.page).to.not.include('formaction');
    const more = JSON.stringify({ ...JSON.parse(shown.more ?? '{}'), client_credentials_scope: undefined });
    const review = await admin.send(`${path}/review`, { ...shown, more });
    expect(review.page).to.include(`formaction="${path}"`).and.include('client_credentials_scope');
    expect(numbersOf(review.page)[0]).to.equal(1);
    expect(await registered(id)).to.deep.equal(before);
    const saved = await admin.send(path, fieldsOf(review.page));
    expect([saved.status, saved.next]).to.deep.equal([303, `${path}?outcome=client_changed`]);
    expect(await registered(id)).to.not.have.property('client_credentials_scope');
    expect(notice((await admin.open(saved.next)).page)).to.be.a('string');
  });

  it('keep what a form does not change, whatever its members are', async () => {
    const metadata = {
      client_name: 'Kept "name" <b>',
      first_party: true,
      post_logout_redirect_uris: ['https://app.example.com/bye'],
      backchannel_logout_uri: 'https://app.example.com/logout',
      contacts: ['dev@example.com'],
      require_auth_time: true,
      default_max_age: 3600,
      number: Math.floor(Math.random() * 1_000_000_000),
    };
    const client = await createClient(server, metadata);
    const before = await registered(client.id);
    const path = `/console/clients/${client.id}`;
    const { page } = await admin.open(path);
    const saved = await admin.send(path, { ...fieldsOf(page), first_party: 'true' });
    expect(saved.status, alertsOf(saved).join()).to.equal(303);
    expect(await registered(client.id)).to.deep.equal(before);
  });

  it('are not changed by the page of an operator who has not seen the last change', async () => {
    const { id } = await create(admin, { client_name: 'First' });
    const path = `/console/clients/${id}`;
    const other = await operator(server, 'admin');
    const [mine, theirs] = [await admin.open(path), await other.open(path)].map(({ page }) => fieldsOf(page));
    expect((await other.send(path, { ...theirs, client_name: 'Theirs' })).status).to.equal(303);
    const late = await admin.send(path, { ...mine, client_name: 'Mine' });
    expect(late.status).to.equal(412);
    expect(alertsOf(late)).to.have.length(1);
    expect(fieldsOf(late.page).client_name, 'as typed').to.equal('Mine');
    expect((await registered(id))?.client_name).to.equal('Theirs');
    // a review of the change reports it as well
    expect((await admin.send(`${path}/review`, { ...mine, client_name: 'Mine' })).status).to.equal(412);
    const again = fieldsOf((await admin.open(path)).page);
    expect((await admin.send(path, { ...again, client_name: 'Mine' })).status).to.equal(303);
    expect((await registered(id))?.client_name).to.equal('Mine');
  });

  it('are removed by one who typed the ID, and has just authenticated', async () => {
    const { id } = await create(admin);
    const path = `/console/clients/${id}`;
    const { page } = await admin.open(path);
    expect(numbersOf(page)).to.deep.equal([0, 0, 0]);
    const wrong = await admin.send(`${path}/remove`, { confirmation: 'spa' });
    expect(wrong.status).to.equal(400);
    expect(alertsOf(wrong)).to.have.length(1);
    await setClock(server.database, 400);
    await admin.open(path);
    for (const [form, fields] of [
      ['remove', { confirmation: id }],
      ['rotate', { kind: 'secret' }],
    ] as const)
      expect((await admin.send(`${path}/${form}`, fields)).next, form).to.include('/oauth/authorize');
    expect(await registered(id)).to.not.equal(undefined);
    await resetClock();
    const fresh = await operator(server, 'admin');
    await fresh.open(path);
    expect((await fresh.send(`${path}/remove`, { confirmation: id })).next).to.equal(
      '/console/clients?outcome=client_removed',
    );
    expect(await registered(id)).to.equal(undefined);
    expect((await fresh.open(path)).status).to.equal(404);
  });

  it('are found by an ID of any characters that one may have', async () => {
    const id = `a b/c?d&e"f<g>ü-${randomHex(32)}`;
    await server.database.knex('clients').insert({ id, metadata: { client_id: id, client_name: id } });
    let path = '/console/clients';
    let link: string | undefined;
    for (;;) {
      const { page } = await admin.open(path);
      link = [...page.matchAll(/href="(\/console\/clients\/[^"]+)"/g)]
        .map(([, address = '']) => address)
        .find((address) => address.includes(encodeURIComponent(id).slice(0, 12)));
      const next = /class="button secondary" href="(\?after=[^"]+)"/.exec(page)?.[1];
      if (link || !next) break;
      path = `/console/clients${unescaped(next)}`;
    }
    const { status } = await admin.open(unescaped(link ?? ''));
    expect(status).to.equal(200);
    await server.database.knex('clients').where({ id }).del();
  });

  it('are listed page by page, each once', async () => {
    const made = `list-${randomHex(32)}`;
    for (let index = 0; index < 26; index += 1) await createClient(server, { client_id: `${made}-${index}` });
    const seen: string[] = [];
    let path: string | undefined = '/console/clients';
    while (path !== undefined) {
      const { page, status }: Seen = await admin.open(path);
      expect(status).to.equal(200);
      seen.push(...[...page.matchAll(/<td[^>]*><code>([^<]+)<\/code>/g)].map(([, id = '']) => id));
      const next = /class="button secondary" href="(\?after=[^"]+)"/.exec(page)?.[1];
      path = next && `/console/clients${unescaped(next)}`;
    }
    expect(seen.filter((id) => id.startsWith(made))).to.have.length(26);
    expect(new Set(seen).size).to.equal(seen.length);
    expect((await admin.open('/console/clients?after=nonsense')).status).to.equal(400);
  });
});
