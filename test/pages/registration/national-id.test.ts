import { expect } from 'chai';
import { newMobile } from '../../apis/customers/customers-client.ts';
import type { TestServer } from '../../support/server.ts';
import { complete, newPerson, stepServer, verifyMobile } from '../step-server.ts';
import { alertsOf, type Visitor, visitor } from '../visitor.ts';

/** Arrives at the first form with a verified number. */
async function atForm(on: TestServer): Promise<{ person: Visitor; mobile: string }> {
  const person = visitor(on);
  const mobile = newMobile();
  const { location } = await verifyMobile(person, '/register', mobile);
  await person.open(location);
  return { person, mobile };
}

describe('the national ID of a registration on the pages', () => {
  it('takes people without a national ID where it is optional', async () => {
    const optional = await stepServer({ registration: { nationalId: 'optional' } });
    const { person, mobile } = await atForm(optional);
    const silent = await person.send('/register/details', newPerson({ thaiId: '' }));
    expect(silent.status).to.equal(400);
    expect(alertsOf(silent)).to.deep.equal([
      'Enter your national ID number, or select “I have no Thai national ID”.',
    ]);
    const wrong = await person.send('/register/details', newPerson({ thaiId: '1234567890123' }));
    expect(alertsOf(wrong)).to.deep.equal(['This is not a valid national ID number. Check all 13 digits.']);
    const none = newPerson({ thaiId: '', noThaiId: 'yes' });
    expect((await person.send('/register/details', none)).location).to.equal('/register/account');
    expect((await person.open('/register/details')).page).to.match(/name="noThaiId"[^>]* checked/);
    expect((await complete(person, '/register/details', none)).location).to.equal('/register/done');
    const id = await optional.domain.contacts.holder('mobile', mobile.replace(/^0/, '+66'));
    expect(await optional.domain.nationalIds.read(id ?? 0)).to.equal(undefined);
    const other = await atForm(optional);
    expect((await complete(other.person, '/register/details', newPerson())).location).to.equal(
      '/register/done',
    );
    await optional.stop();
  });

  it('does not ask for a national ID where it is off, and takes none', async () => {
    const off = await stepServer({ registration: { nationalId: 'off' } });
    const { person, mobile } = await atForm(off);
    expect((await person.open('/register/details')).page).to.not.match(/thaiId/i);
    const { thaiId = '', ...fields } = newPerson();
    const done = await complete(person, '/register/details', { ...fields, thaiId });
    expect(done.location).to.equal('/register/done');
    expect(await off.domain.nationalIds.find(thaiId)).to.equal(undefined);
    const id = await off.domain.contacts.holder('mobile', mobile.replace(/^0/, '+66'));
    expect(id).to.be.a('number');
    await off.stop();
  });
});
