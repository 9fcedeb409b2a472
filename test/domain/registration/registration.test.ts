import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import type { NewCustomer } from '../../../src/domain/registration/registration.ts';
import type { Violations } from '../../../src/errors/violations.ts';
import { newMobile, newNationalId } from '../../apis/customers/customers-client.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const address = (): string =>
  `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;

describe('registration', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  const textsTo = async (to: string): Promise<string[]> =>
    (await domain.outbox.list({ to, limit: 50 })).map(({ text }) => text);

  async function newCode(mobile: string): Promise<string> {
    await domain.codes.request({ mobile, locale: 'en', asker: { address: address() } });
    return /^\d{6}/.exec((await textsTo(mobile))[0] ?? '')?.[0] ?? '';
  }

  /** A valid registration with a valid code. */
  async function person(changes: Partial<NewCustomer> = {}): Promise<NewCustomer> {
    const mobile = `+66${newMobile().slice(1)}`;
    const key = `${mobile.slice(1)}@example.com`;
    return {
      mobile,
      code: await newCode(mobile),
      nationalId: newNationalId(),
      email: { value: key, key },
      password: 'correct-horse-battery',
      firstName: 'Malee',
      lastName: 'Sukjai',
      birthDate: '1990-02-28',
      titleId: 3,
      registerChannel: 'WEB',
      acceptedOn: 'pages',
      locale: 'en',
      origin: { address: address() },
      ...changes,
    };
  }

  const countOf = async (table: string): Promise<number> =>
    Number((await domain.database.knex(table).count({ n: '*' }))[0]?.n);

  /** The violations of a refusal: field and code. */
  const takenOf = (work: Promise<unknown>): Promise<Record<string, string>> =>
    work.then(
      () => ({}),
      ({ list = [] }: Violations) => Object.fromEntries(list.map(({ field, code }) => [field, code])),
    );

  it('leaves nothing behind when it only looks', async () => {
    const somebody = await person();
    const before = await Promise.all([countOf('accounts'), countOf('contacts'), countOf('outbox')]);
    await domain.registration.check(somebody);
    expect(await Promise.all([countOf('accounts'), countOf('contacts'), countOf('outbox')])).to.deep.equal(
      before,
    );
  });

  it('proves the mobile, and the e-mail not yet', async () => {
    const somebody = await person();
    const { id, contacts } = await domain.registration.register(somebody);
    expect(contacts.map(({ kind, value, verified }) => ({ kind, value, verified }))).to.have.deep.members([
      { kind: 'mobile', value: somebody.mobile, verified: true },
      { kind: 'email', value: somebody.email?.value, verified: false },
    ]);
    expect(await domain.nationalIds.find(String(somebody.nationalId))).to.equal(id);
  });

  it('welcomes once, without a word about the person, and mails one link', async () => {
    const somebody = await person();
    await domain.registration.register(somebody);
    const [welcome = '', ...codes] = await textsTo(somebody.mobile);
    expect(codes).to.have.length(1);
    for (const secret of ['Malee', 'Sukjai', somebody.nationalId, somebody.mobile.slice(3), somebody.code])
      expect(welcome).to.not.contain(secret);
    expect(await textsTo(somebody.email?.value ?? '')).to.have.length(1);
  });

  it('names everything that is taken, together', async () => {
    const first = await person();
    await domain.registration.register(first);
    await domain.database
      .knex('contacts')
      .where({ kind: 'email', value: first.email?.value })
      .update({ verified_at: new Date() });
    const second = await person({ nationalId: first.nationalId, email: first.email });
    for (const work of [domain.registration.check, domain.registration.register])
      expect(await takenOf(work(second))).to.deep.equal({
        thaiId: 'NATIONAL_ID_TAKEN',
        email: 'CONTACT_TAKEN',
      });
    const free = { ...second, nationalId: newNationalId(), email: undefined };
    expect(await codeOf(domain.registration.register(free))).to.equal('none');
  });

  it('is not stopped by an address that someone listed and never proved', async () => {
    const first = await person();
    await domain.registration.register(first);
    const second = await person({ email: first.email });
    expect(await codeOf(domain.registration.register(second))).to.equal('none');
  });

  it('makes one account of many at once, and nothing of the others stays', async () => {
    const nationalId = newNationalId();
    const people = await Promise.all(
      Array.from({ length: 8 }, () => person({ nationalId, email: undefined })),
    );
    const before = await Promise.all([countOf('accounts'), countOf('cards'), countOf('outbox')]);
    const works = await Promise.all(people.map((one) => codeOf(domain.registration.register(one))));
    expect(works.toSorted()).to.deep.equal([...Array(7).fill('NATIONAL_ID_TAKEN'), 'none']);
    const after = await Promise.all([countOf('accounts'), countOf('cards'), countOf('outbox')]);
    expect(after).to.deep.equal(before.map((count) => count + 1));
    const loser = people.find((_, index) => works[index] !== 'none') as NewCustomer;
    expect(await codeOf(domain.registration.register({ ...loser, nationalId: newNationalId() }))).to.equal(
      'none',
    );
  });

  it('refuses a wrong code before it checks anything else', async () => {
    const first = await person();
    await domain.registration.register(first);
    const second = await person({ nationalId: first.nationalId, code: 'wrong!' });
    expect(await codeOf(domain.registration.check(second))).to.equal('CODE_WRONG');
  });

  it('knows what of a person a password must not be', () => {
    const context = {
      names: ['Malee', 'Sukjai'],
      emails: ['malee.s@example.com'],
      mobiles: ['+66812345678'],
    };
    const problem = (password: string) => domain.registration.passwordProblem(password, context);
    expect(problem('correct-horse-battery')).to.equal(undefined);
    for (const password of ['short', 'password', '0812345678', 'malee.s@example.com'])
      expect(problem(password), password).to.match(/^PASSWORD_/);
  });
});
