import { expect } from 'chai';
import type { Account, Contact, Profile } from '../../../src/domain/accounts/account.ts';
import { accountClaims } from '../../../src/oidc/tokens/account-claims.ts';

const NOTHING: Profile = {
  firstName: null,
  lastName: null,
  middleName: null,
  nickname: null,
  preferredUsername: null,
  birthDate: null,
  profileUri: null,
  websiteUri: null,
  locale: null,
  zoneinfo: null,
  phone: null,
  address: null,
  addressTown: null,
  addressPostcode: null,
  addressRegion: null,
  country: null,
  locationId: null,
  longitude: null,
  latitude: null,
  avatar: null,
};
const AT = new Date('2026-01-02T03:04:05.678Z');

const contact = (kind: Contact['kind'], value: string, verified: boolean): Contact => ({
  kind,
  value,
  verified,
  confirmed: true,
  preferred: false,
  addedAt: AT,
  lastVerifiedAt: null,
});

const account = (profile: Partial<Profile> = {}, more: Partial<Account> = {}): Account => ({
  id: 7,
  status: 'active',
  generation: 1,
  profile: { ...NOTHING, ...profile },
  title: null,
  pictureId: null,
  card: null,
  contacts: [],
  registerChannel: null,
  registerClientId: null,
  externalId: null,
  createdAt: AT,
  updatedAt: AT,
  ...more,
});

const context = { issuer: 'https://id.example', timeZone: 'Asia/Bangkok', firstParty: false };

describe('account claims', () => {
  it('of a bare account are few, and none is null or empty', () => {
    expect(accountClaims(account({ nickname: '' }), context)).to.deep.equal({
      sub: '7',
      zoneinfo: 'Asia/Bangkok',
      updated_at: 1_767_323_045,
    });
  });

  it('prefer the person’s own time zone to the deployment’s', () => {
    expect(accountClaims(account({ zoneinfo: 'Asia/Tokyo' }), context).zoneinfo).to.equal('Asia/Tokyo');
  });

  it('compose the name of the parts that exist', () => {
    expect(accountClaims(account({ firstName: 'Ann' }), context).name).to.equal('Ann');
    expect(accountClaims(account({ firstName: 'Ann', lastName: 'Lee' }), context).name).to.equal('Ann Lee');
  });

  it('compose the address of the parts that exist', () => {
    expect(
      accountClaims(account({ addressPostcode: '10110', country: 'TH' }), context).address,
    ).to.deep.equal({
      formatted: '10110\nTH',
      postal_code: '10110',
      country: 'TH',
    });
    expect(accountClaims(account({ country: '' }), context)).to.not.have.property('address');
  });

  it('have the picture under the issuer, and gender by the title', () => {
    const title = { id: 1, nameTh: 'นาง', nameEn: 'Mrs', gender: 'FEMALE' as const };
    const claims = accountClaims(account({}, { pictureId: 'abc', title }), context);
    expect(claims).to.include({ picture: 'https://id.example/pictures/abc', gender: 'female' });
  });

  it('tell an unverified e-mail to first-party clients only, a mobile to all', () => {
    const contacts = [contact('email', 'a@x.th', false), contact('mobile', '+66812345678', false)];
    const mobile = { phone_number: '+66812345678', phone_number_verified: false };
    const told = accountClaims(account({}, { contacts }), { ...context, firstParty: true });
    expect(told).to.include({ email: 'a@x.th', email_verified: false, ...mobile });
    const others = accountClaims(account({}, { contacts }), context);
    expect(others).to.include(mobile).and.not.have.any.keys('email', 'email_verified');
  });

  it('have the national id only when it was looked up', () => {
    expect(accountClaims(account(), context)).to.not.have.property('thai_id');
    const nationalId = '1101700230708';
    expect(accountClaims(account(), { ...context, nationalId }).thai_id).to.equal(nationalId);
  });
});
