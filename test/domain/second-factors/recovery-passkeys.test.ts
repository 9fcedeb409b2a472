import { expect } from 'chai';
import { moveClock, resetClock } from '../../support/clock.ts';
import { codeOf } from '../empty-domain.ts';
import { PasskeyOwner } from '../passkeys/passkey-owner.ts';

describe('the recovery of lost passkeys', () => {
  let owner: PasskeyOwner;
  before(async () => {
    owner = await PasskeyOwner.begin();
  });
  after(() => owner.domain.leave());
  beforeEach(async () => {
    await owner.reset();
    expect(await owner.create()).to.equal('none');
  });
  afterEach(resetClock);

  const recoveries = () => owner.domain.secondFactorRecoveries;
  const begin = () => recoveries().begin(owner.accountId);
  const found = () => recoveries().find(owner.accountId);

  it('removes them after the wait, also where there is nothing else', async () => {
    await begin();
    await moveClock(owner.domain.database, 72 * 3600);
    expect(await recoveries().finish(owner.accountId)).to.be.a('number');
    expect(await owner.domain.passkeys.list(owner.accountId)).to.deep.equal([]);
    expect(await owner.use()).to.not.equal('none');
    expect(await codeOf(begin())).to.equal('NOT_FOUND');
  });

  it('ends when one signs in, is added or is removed', async () => {
    await begin();
    expect(await owner.use()).to.equal('none');
    expect(await found()).to.equal(undefined);

    await begin();
    expect(await owner.create({}, owner.newDevice())).to.equal('none');
    expect(await found()).to.equal(undefined);

    await begin();
    const [{ id = '' } = {}] = await owner.domain.passkeys.list(owner.accountId);
    await owner.domain.removePasskey(owner.accountId, id);
    expect(await found()).to.equal(undefined);
  });

  it('goes on when one of another account signs in', async () => {
    await begin();
    const waiting = owner.accountId;
    owner.accountId = await owner.newAccount('other@example.com');
    const device = owner.newDevice();
    expect(await owner.create({}, device)).to.equal('none');
    expect(await owner.use({}, device)).to.equal('none');
    expect(await recoveries().find(waiting)).to.not.equal(undefined);
  });
});
