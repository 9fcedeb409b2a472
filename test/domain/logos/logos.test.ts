import { expect } from 'chai';
import { logoTypeOf } from '../../../src/domain/logos/logo.ts';
import { logos } from '../../../src/domain/logos/logos.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const URI = 'https://client.example/logo.png';

interface Sent {
  status?: number;
  type?: string;
  body?: Buffer | string;
}

describe('the logo of a client', () => {
  let now: number;
  let asked: string[];
  let sent: Sent | Error;

  const opened = () =>
    logos({
      clock: { now: () => new Date(now) },
      fetch: async (uri) => {
        asked.push(uri);
        await new Promise((resume) => setImmediate(resume));
        if (sent instanceof Error) throw sent;
        const { status = 200, type = 'image/png', body = PNG } = sent;
        return new Response(new Uint8Array(Buffer.from(body)), { status, headers: { 'content-type': type } });
      },
    });

  beforeEach(() => {
    now = 0;
    asked = [];
    sent = {};
  });

  for (const [type, file] of [
    ['image/png', PNG],
    ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['image/gif', Buffer.from('GIF89a..')],
    ['image/webp', Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8 ', 'latin1')],
    [
      'image/svg+xml',
      Buffer.from('<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
    [undefined, Buffer.from('<!doctype html><script>alert(1)</script>')],
    [undefined, Buffer.from(`<!--${' '.repeat(2000)}--><svg/>`)],
    [undefined, Buffer.from('BM......')],
    [undefined, Buffer.alloc(0)],
  ] as const) {
    it(`is ${type ?? 'none'} for ${JSON.stringify(file.toString('latin1').slice(0, 20))}, by its content`, () => {
      expect(logoTypeOf(file)).to.equal(type);
    });
  }

  it('is passed on unchanged, with its own type', async () => {
    sent = { type: 'image/x-whatever; charset=binary' };
    expect(await opened().find(URI)).to.deep.equal({ type: 'image/png', bytes: PNG });
  });

  for (const [what, answer] of [
    ['a page', { type: 'text/html' }],
    ['an error', { status: 404 }],
    ['an empty answer', { body: '' }],
    ['no picture under a picture’s type', { body: '<html></html>' }],
    ['nothing, as it is refused', new Error('the address is not allowed')],
  ] as const) {
    it(`is none when its host sends ${what}`, async () => {
      sent = answer;
      expect(await opened().find(URI)).to.equal(undefined);
    });
  }

  it('is fetched once for all who ask, and again after an hour', async () => {
    const { find } = opened();
    await Promise.all([find(URI), find(URI)]);
    now = 3_599_999;
    await find(URI);
    expect(asked).to.have.lengthOf(1);
    now = 3_600_000;
    await find(URI);
    expect(asked).to.have.lengthOf(2);
  });

  it('is tried again five minutes after its host failed', async () => {
    const { find } = opened();
    sent = new Error('down');
    await find(URI);
    sent = {};
    now = 299_999;
    expect(await find(URI)).to.equal(undefined);
    now = 300_000;
    expect(await find(URI)).to.include({ type: 'image/png' });
    expect(asked).to.have.lengthOf(2);
  });

  it('is evicted when 8 MiB or 500 of them are kept', async () => {
    const { find } = opened();
    sent = { body: Buffer.concat([PNG, Buffer.alloc(1024 * 1024 - PNG.length)]) };
    for (let each = 0; each < 9; each += 1) await find(`${URI}?${each}`);
    for (const each of [1, 8]) await find(`${URI}?${each}`);
    expect(asked).to.have.lengthOf(9);
    await find(`${URI}?0`);
    expect(asked).to.have.lengthOf(10);

    sent = {};
    const many = opened();
    for (let each = 0; each < 501; each += 1) await many.find(`${URI}?small${each}`);
    asked = [];
    await many.find(`${URI}?small1`);
    expect(asked).to.have.lengthOf(0);
    await many.find(`${URI}?small0`);
    expect(asked).to.have.lengthOf(1);
  });
});
