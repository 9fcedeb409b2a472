import { expect } from 'chai';
import type { Account, Contact } from '../../../src/domain/accounts/account.ts';
import {
  isNoChange,
  type OwnProfile,
  planChange,
  type WantedProfile,
} from '../../../src/domain/settings/profile-change.ts';

const RULES = { countries: ['TH'], topics: ['news', 'offers'] };
const MOBILE = '+66812345678';

const contact = (kind: Contact['kind'], value: string, verified = true): Contact => ({
  kind,
  value,
  verified,
  confirmed: true,
  preferred: true,
  addedAt: new Date(0),
  lastVerifiedAt: null,
});

const shown = (contacts: Contact[] = [contact('email', 'me@example.com')]): OwnProfile => ({
  account: {
    id: 7,
    contacts,
    profile: { firstName: 'Mary Ann', lastName: '2nd', address: 'x', country: 'XK', phone: null },
  } as unknown as Account,
  subscriptions: [{ topic: 'news', channel: null }],
  pendingEmail: 'next@example.com',
});

const plan = (wanted: WantedProfile, present = shown()) => planChange(present, wanted, RULES);

/** `field code` of every violation. */
function problems(wanted: WantedProfile, present = shown()): string[] {
  try {
    plan(wanted, present);
    return [];
  } catch (error) {
    const { list } = error as { list: { field: string; code: string }[] };
    return list.map(({ field, code }) => `${field} ${code}`);
  }
}

describe('a change of the own profile', () => {
  it('is empty where the values are those shown, including values that could not be set now', () => {
    const same: WantedProfile = {
      id: '7',
      name: 'Mary Ann 2nd',
      address: 'x',
      country: 'XK',
      phone: null,
      mobile: null,
      email: 'me@example.com',
      pendingEmail: 'next@example.com',
      subscriptions: [{ topic: 'news', channel: null }],
    };
    expect(isNoChange(plan(same))).to.equal(true);
    expect(isNoChange(plan({}))).to.equal(true);
  });

  it('has the stored form of what differs, and nothing else', () => {
    expect(plan({ name: 'Somchai Jaidee', address: ' ', country: 'th', phone: '02 1' })).to.deep.equal({
      profile: { firstName: 'Somchai', lastName: 'Jaidee', address: null, country: 'TH', phone: '02 1' },
    });
    expect(plan({ name: 'Somchai' }).profile).to.deep.equal({ firstName: 'Somchai', lastName: null });
    expect(plan({ email: 'New@Example.COM' }).email).to.deep.equal({
      value: 'New@example.com',
      key: 'new@example.com',
    });
    expect(isNoChange(plan({ email: 'ME@example.com' }))).to.equal(true);
    expect(plan({ subscriptions: null }).subscriptions).to.deep.equal([]);
  });

  it('of a mobile depends on what is proved', () => {
    const proved = shown([contact('mobile', MOBILE)]);
    const listed = shown([contact('mobile', MOBILE, false)]);
    expect(plan({ mobile: '0812345678', code: '123456' }, proved)).to.deep.equal({ profile: {} });
    expect(plan({ mobile: '+66 81 234 5678' }, listed)).to.deep.equal({ profile: {} });
    expect(plan({ mobile: '0812345678', code: '123456' }, listed).mobile).to.deep.equal({
      value: MOBILE,
      code: '123456',
    });
    expect(plan({ mobile: '0898765432' }, proved).mobile).to.deep.equal({ value: '+66898765432' });
    expect(plan({ mobile: null }, proved).mobile).to.deep.equal({ value: null });
    expect(plan({ mobile: '' })).to.deep.equal({ profile: {} });
  });

  it('is refused with everything that is wrong', () => {
    const wrong: WantedProfile = {
      id: '8',
      pendingEmail: null,
      password: null,
      name: '2',
      address: 'a\u0000',
      country: 'UK',
      phone: 'x',
      mobile: '02',
      email: null,
      subscriptions: [{ topic: 'gossip', channel: null }],
    };
    expect(problems(wrong)).to.deep.equal([
      'id NOT_CHANGEABLE',
      'pendingEmail NOT_CHANGEABLE',
      'password VALUE_MISSING',
      'name INVALID_NAME',
      'address INVALID_TEXT',
      'country INVALID_COUNTRY',
      'phone INVALID_PHONE',
      'mobile INVALID_MOBILE',
      'email VALUE_MISSING',
      'subscriptions UNKNOWN_TOPIC',
    ]);
    expect(problems({ name: null })).to.deep.equal(['name VALUE_MISSING']);
    expect(problems({ code: '123456' })).to.deep.equal(['mobile VALUE_MISSING']);
  });
});
