import { expect } from 'chai';
import { atBoth, type Processes, twoProcesses } from '../concurrency/processes.ts';
import { encrypted, exchange, partnerCodes, told } from './partner-client.ts';

const AT_ONCE = 20;
const WRONG = '400 invalid_grant 104';
const REFUSED = '400 invalid_grant 103';

describe('a code that is bound to a mobile number, at two processes', () => {
  let both: Processes;
  let newCode: ReturnType<typeof partnerCodes>;

  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses();
    newCode = partnerCodes(both.issuer);
  });

  after(() => both.end());

  it('is redeemed once', async () => {
    const code = await newCode();
    const answers = await atBoth(both, AT_ONCE, (url) => exchange(url, code));
    expect(answers.filter(({ status }) => status === 200)).to.have.lengthOf(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(told))).to.deep.equal(new Set([REFUSED]));
  });

  it('has five wrong numbers for both together', async () => {
    const code = await newCode();
    const wrong = { mobile_number: encrypted('0899999999') };
    const answers = await atBoth(both, AT_ONCE, (url) => exchange(url, code, wrong));
    expect(answers.filter((answer) => told(answer) === WRONG)).to.have.lengthOf(5);
    expect([told(await exchange(both.a, code)), told(await exchange(both.b, code))]).to.deep.equal([
      REFUSED,
      REFUSED,
    ]);
  });
});
