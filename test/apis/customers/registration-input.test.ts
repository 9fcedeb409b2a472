import { expect } from 'chai';
import fc from 'fast-check';
import type { FreshServer } from '../../concurrency/fresh-server.ts';
import { codeServer } from './code-steps.ts';
import { customersClient, newMobile, newNationalId } from './customers-client.ts';

const RUNS = { numRuns: 100 };

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('', ' ', '\0', 'a\0b', '\ud800', '\udc00a', '__proto__', "' or 1=1 --", 'ก'.repeat(2000)),
);
const anyValue = fc.oneof(
  anyText,
  fc.jsonValue({ maxDepth: 2 }),
  fc.double(),
  fc.constantFrom(1e21, -0, 1e-7, 81234567.5, Number.MAX_SAFE_INTEGER + 2),
);

describe('Customers API: registration of whatever comes', () => {
  let server: FreshServer;
  let api: ReturnType<typeof customersClient>;

  before(async () => {
    server = await codeServer();
    api = customersClient(server);
  });

  after(() => server.leave());

  const right = (): Record<string, unknown> => ({
    otpNumber: '123456',
    thaiId: newNationalId(),
    email: 'somebody@example.com',
    mobile: newMobile(),
    password: 'correct-horse-battery',
    firstName: 'ฝอย',
    lastName: 'ขัดหม้อ',
    birthDate: '03/04/2015',
    registerChannel: 'MOBILE',
    title: { id: 1 },
  });

  async function expectRefusal(body: unknown): Promise<void> {
    const { status, body: said } = await api.post('/customers/register', body);
    expect(status).to.equal(400);
    expect(said.error).to.be.a('string');
    for (const { code, field, message } of said.violations ?? []) {
      expect(code).to.match(/^[A-Z]{3}-\d{5}$/);
      expect(field).to.match(/^register\.\w+$/);
      expect(message).to.be.a('string').that.is.not.equal('');
    }
  }

  it('refuses any value of any member', async () => {
    const members = fc.constantFrom(...Object.keys(right()), 'title.id', 'unknown');
    await fc.assert(
      fc.asyncProperty(members, anyValue, async (member, value) => {
        const change = member === 'title.id' ? { title: { id: value } } : { [member]: value };
        await expectRefusal({ ...right(), ...change });
      }),
      RUNS,
    );
  });

  it('refuses any value in place of the body', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, (value) => expectRefusal(value)),
      RUNS,
    );
  });

  it('refuses any text in place of the body', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyText,
          fc.json().map((text) => `{${text}`),
        ),
        async (body) => {
          const answer = await api.call('POST', '/customers/register', {
            body,
            headers: { 'content-type': 'application/json' },
          });
          expect(answer.status).to.be.within(400, 415);
        },
      ),
      RUNS,
    );
  });

  it('refuses any number and any code where a code is requested', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        const asked = await api.post('/otp/request', { mobile: value, purpose: 'register' });
        expect(asked.status).to.equal(400);
        const body = { mobile: newMobile(), otpNumber: value };
        expect((await api.post('/forgotpassword/verifyotp', body)).status).to.equal(400);
      }),
      RUNS,
    );
  });
});
