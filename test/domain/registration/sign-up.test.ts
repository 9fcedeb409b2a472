import { expect } from 'chai';
import type { NewSignUp } from '../../../src/domain/registration/sign-up.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import {
  caller,
  emailContact,
  mailed,
  mailsTo,
  newEmail,
  PASSWORD,
  valueIn,
} from '../recovery/recovery-steps.ts';

/** The channel and the language of activations. */
const ON = { channel: 'self-service', language: 'en' } as const;

const ACTIVATE_URI = 'https://shop.example/welcome?from=mail';

describe('signing up', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
    await domain.clients.create({ client_id: 'shop', first_party: true, activate_uris: [ACTIVATE_URI] });
    await domain.clients.create({ client_id: 'other', activate_uris: ['https://other.example/welcome'] });
  });

  after(() => domain.leave());

  const signUp = (email: string, changes: Partial<NewSignUp> = {}): Promise<void> =>
    domain.activation.signUp({ email, name: 'Malee Sukjai', locale: 'en', origin: caller(), ...changes });

  const activate = (identifier: string, secret: string): Promise<string> =>
    codeOf(domain.activation.activate({ identifier, secret, password: PASSWORD, origin: caller(), on: ON }));

  const accountsWith = async (email: string) => {
    const rows = await domain.database.knex('contacts').where({ key: email }).select('account_id');
    return Promise.all(rows.map(({ account_id: id }) => domain.accounts.find(id)));
  };

  it('makes an account that waits, with a card and no password, and mails how to activate it', async () => {
    const email = newEmail();
    await signUp(email);
    const [account, ...more] = await accountsWith(email);
    expect(more).to.deep.equal([]);
    expect(account).to.include({ status: 'pending' });
    expect(account?.card?.id).to.be.a('number');
    expect(account?.profile).to.include({ firstName: 'Malee', lastName: 'Sukjai', locale: 'en' });
    expect(account?.contacts.map(({ value, verified }) => [value, verified])).to.deep.equal([[email, false]]);
    expect(await domain.database.knex('credentials').where({ account_id: account?.id })).to.deep.equal([]);

    const [text = ''] = await mailsTo(domain, email);
    const values = { identifier: valueIn(text, 'identifier'), secret: valueIn(text, 'secret') };
    expect(values.identifier).to.match(/^[a-z0-9-]{10,}$/);
    expect(values.secret).to.match(/^[A-Z0-9]{10}$/);
    expect(text).to.include(`${domain.config.server.issuer}/activate?${new URLSearchParams(values)}`);
  });

  it("links to the client's page that the operator configured", async () => {
    const email = newEmail();
    await signUp(email, { activateUri: ACTIVATE_URI });
    const link = /https:\S+/.exec((await mailsTo(domain, email))[0] ?? '')?.[0] ?? '';
    const { origin, pathname, searchParams } = new URL(link);
    expect(origin + pathname).to.equal('https://shop.example/welcome');
    expect([...searchParams.keys()]).to.deep.equal(['from', 'identifier', 'secret']);
  });

  it('refuses any other page, and makes nothing', async () => {
    const email = newEmail();
    for (const activateUri of [
      '',
      `${ACTIVATE_URI}&x=1`,
      'https://shop.example/welcome',
      'https://SHOP.example/welcome?from=mail',
      'https://other.example/welcome',
      'javascript:alert(1)',
      '//evil.example/activate',
    ])
      expect(await codeOf(signUp(email, { activateUri })), activateUri).to.equal('INVALID_ACTIVATE_URI');
    expect(await accountsWith(email)).to.deep.equal([]);
  });

  it('refuses what is not an address or a name', async () => {
    for (const email of [
      '',
      'nobody',
      'a@x.example,b@x.example',
      '"a b"@x.example',
      'a@x.example\r\nBcc: b@x.example',
      'a\0@x.example',
    ])
      expect(await codeOf(signUp(email)), email).to.equal('INVALID_EMAIL');
    for (const name of ['', '  ', '\u202e', 'x'.repeat(51), 'Malee\0', 'Malee\nSukjai\n\n\u0000'])
      expect(await codeOf(signUp(newEmail(), { name })), name).to.equal('INVALID_NAME');
  });

  it('again sends a new secret for the same account; the older one is invalid', async () => {
    const email = newEmail();
    await signUp(email);
    const older = await mailed(domain, email, 'secret');
    const olderName = await mailed(domain, email, 'identifier');
    await signUp(email.toUpperCase(), { name: 'มาลี' });
    const accounts = await accountsWith(email);
    expect(accounts).to.have.length(1);
    expect(accounts[0]?.profile).to.include({ firstName: 'มาลี', lastName: null });
    expect(await activate(olderName, older)).to.equal('ACTIVATION_INVALID');
    const identifier = await mailed(domain, email, 'identifier');
    expect(await activate(identifier, await mailed(domain, email, 'secret'))).to.equal('none');
  });

  it('changes no name of an imported account that waits, and mails how to activate it', async () => {
    for (const named of [{ external_id: 'crm-waiting' }, {}]) {
      const email = newEmail();
      const row = {
        ...named,
        email,
        given_name: 'Nok',
        family_name: 'Jaidee',
        locale: 'th',
        status: 'pending',
      };
      const id = await domain.accountImport.create(row);
      await signUp(email, { name: 'Somebody Else' });
      expect(await accountsWith(email)).to.have.length(1);
      const profile = { firstName: 'Nok', lastName: 'Jaidee', locale: 'th' };
      expect((await domain.accounts.find(id))?.profile).to.include(profile);
      const identifier = await mailed(domain, email, 'identifier');
      expect(await activate(identifier, await mailed(domain, email, 'secret'))).to.equal('none');
    }
  });

  it('thirty times at once makes one account and mails three times', async () => {
    const email = newEmail();
    await Promise.all(Array.from({ length: 30 }, () => signUp(email)));
    expect(await accountsWith(email)).to.have.length(1);
    expect(await mailsTo(domain, email)).to.have.length(3);
    const alive = await domain.database
      .knex('mailed_secrets')
      .where({ email, used_at: null, replaced_at: null });
    expect(alive).to.have.length(1);
  });

  it('keeps the secret of the last mail when there are no more mails', async () => {
    const email = newEmail();
    for (let time = 0; time < 3; time += 1) await signUp(email);
    const proofs = (await mailsTo(domain, email)).map((text) => [
      valueIn(text, 'identifier'),
      valueIn(text, 'secret'),
    ]);
    await signUp(email);
    expect(await mailsTo(domain, email)).to.have.length(3);
    const answers = [];
    for (const [identifier = '', secret = ''] of proofs) answers.push(await activate(identifier, secret));
    expect(answers.toSorted()).to.deep.equal(['ACTIVATION_INVALID', 'ACTIVATION_INVALID', 'none']);
  });

  it('with the address of someone else tells only its owner', async () => {
    const email = newEmail();
    const { id } = await domain.lifecycle.create({ contacts: [emailContact(email, true)] });
    await signUp(email.toUpperCase());
    const [text, ...more] = await mailsTo(domain, email);
    expect(more).to.deep.equal([]);
    expect(text)
      .to.include('อีเมลนี้เป็นของบัญชีคุณ')
      .and.not.match(/^secret:/m);
    expect((await accountsWith(email)).map((account) => account?.id)).to.deep.equal([id]);
  });

  it('ignores accounts that only listed the address', async () => {
    const email = newEmail();
    const listed = await domain.lifecycle.create({ contacts: [emailContact(email, false)] });
    await signUp(email);
    const statuses = (await accountsWith(email)).map((account) => [
      account?.id === listed.id,
      account?.status,
    ]);
    expect(statuses).to.have.deep.members([
      [true, 'active'],
      [false, 'pending'],
    ]);
  });

  it('is limited by the address of the caller', async () => {
    const origin = caller();
    const answers: string[] = [];
    for (let batch = 0; batch < 21; batch += 1) {
      const signUps = Array.from({ length: 10 }, () => codeOf(signUp(newEmail(), { origin })));
      answers.push(...(await Promise.all(signUps)));
    }
    expect(answers.slice(0, 200)).to.deep.equal(Array(200).fill('none'));
    expect(answers.slice(200)).to.deep.equal(Array(10).fill('TOO_MANY_ATTEMPTS'));
  });

  it('takes equally long for a registered address', async () => {
    const email = newEmail();
    await domain.lifecycle.create({ contacts: [emailContact(email, true)] });
    for (const one of [email, newEmail()]) {
      const start = performance.now();
      await signUp(one);
      expect(performance.now() - start).to.be.at.least(95);
    }
  });
});
