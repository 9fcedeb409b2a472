import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { readFile, readFileForm } from '../../src/http/multipart.ts';
import { endOf, exchange, untilAnswered } from '../support/raw-exchange.ts';
import { type Served, serveAll, statusOf, stopAll } from './serve.ts';

const BOUNDARY = 'xyz';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const BYTES = 100_000;
const FILE = Buffer.from([0x89, 0x0d, 0x0a, 0x2d, 0x2d, 0x00, 0xff]);

/** A part with these header lines. */
const part = (headers: string, content: string | Buffer = FILE): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${headers}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
const disposition = (parameters: string): string => `Content-Disposition: form-data; ${parameters}`;
const file = (content: string | Buffer = FILE, name = 'file'): Buffer =>
  part(`${disposition(`name="${name}"; filename="a.png"`)}\r\nContent-Type: image/png`, content);
const field = (name: string, value = 'v'): Buffer => part(disposition(`name="${name}"`), value);
const form = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);

describe('multipart', () => {
  let server: Served;
  beforeEach(async () => {
    server = await serveAll(async (ctx) => {
      ctx.body = {
        hex: (await readFile(ctx, { field: 'file', bytes: BYTES, tooLarge: 'IMAGE_TOO_LARGE' })).toString(
          'hex',
        ),
      };
    });
  });
  afterEach(stopAll);

  async function post(body: Buffer | FormData | undefined, type: string | undefined = TYPE) {
    const headers = type && !(body instanceof FormData) ? { 'Content-Type': type } : undefined;
    const sent = Buffer.isBuffer(body) ? new Uint8Array(body) : body;
    const response = await fetch(server.url, { method: 'POST', headers, body: sent });
    const answer = await response.json();
    return { status: response.status, hex: answer.hex, told: answer.error_description };
  }

  const head = (...lines: string[]): string =>
    `${['POST / HTTP/1.1', 'Host: x', `Content-Type: ${TYPE}`, ...lines].join('\r\n')}\r\n\r\n`;

  describe('reads', () => {
    it('the form of a browser', async () => {
      const data = new FormData();
      data.set('comment', 'สวัสดี');
      data.set('file', new Blob([new Uint8Array(FILE)], { type: 'image/png' }), 'รูป.png');
      expect((await post(data)).hex).to.equal(FILE.toString('hex'));
    });

    for (const [name, body] of [
      ['a form of nothing but the file', form(file())],
      ['a form with other fields around it', form(field('a'), file(), field('b'), field('a'))],
      ['a file without a type', form(part(disposition('name=file; filename=x')))],
      [
        'a form with text before and after',
        Buffer.concat([Buffer.from('hi\r\n'), form(file()), Buffer.from('x')]),
      ],
      ['ten parts', form(...Array.from({ length: 9 }, (_, n) => field(`f${n}`)), file())],
      ['fields with names that objects have', form(field('__proto__'), field('constructor'), file())],
      [
        'fields with brackets',
        form(field('a[4294967294]'), field('a[4294967294]'), field('a[b][c][d]'), file()),
      ],
      [
        'parts with headers that objects have',
        form(part(`__proto__: x\r\nconstructor: y\r\n${disposition('name="file"; filename="x"')}`)),
      ],
    ] as const)
      it(name, async () => {
        expect(await post(body)).to.include({ status: 200, hex: FILE.toString('hex') });
        expect(({} as Record<string, unknown>).x).to.equal(undefined);
      });

    it('a file of exactly the limit', async () => {
      expect((await post(form(file(Buffer.alloc(BYTES, 1))))).hex).to.have.length(2 * BYTES);
    });

    it('a chunked body, byte by byte', async () => {
      const body = [...form(file())].map((byte) =>
        Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte, 13, 10])]),
      );
      const bytes = [
        Buffer.from(head('Transfer-Encoding: chunked', 'Connection: close')),
        ...body,
        Buffer.from('0\r\n\r\n'),
      ];
      expect(await exchange(server.port, Buffer.concat(bytes))).to.include(FILE.toString('hex'));
    });
  });

  describe('refuses', () => {
    for (const [name, body, status] of [
      ['no file', form(field('a')), 400],
      ['an empty form', form(), 400],
      ['an empty file', form(file('')), 400],
      ['text in the place of the file', form(field('file')), 400],
      ['two files', form(file(), file()), 400],
      ['a second file under another name', form(file(), file(FILE, 'other')), 400],
      ['a file under another name', form(file(FILE, 'File')), 400],
      ['a file under __proto__', form(file(FILE, '__proto__')), 400],
      ['a file without a name', form(part(disposition('filename="x"'))), 400],
      ['a part without a disposition', form(part('Content-Type: image/png')), 400],
      [
        'a part that is an attachment',
        form(part('Content-Disposition: attachment; name="file"; filename="x"')),
        400,
      ],
      ['eleven parts', form(file(), ...Array.from({ length: 10 }, (_, n) => field(`f${n}`))), 400],
      [
        'ten thousand parts',
        form(...Array.from({ length: 10_000 }, () => Buffer.from(`--${BOUNDARY}\r\n\r\n\r\n`)), file()),
        400,
      ],
      [
        'a long file and then very many parts',
        form(file(Buffer.alloc(90_000)), Buffer.from(`--${BOUNDARY}\r\n\r\n\r\n`.repeat(5000))),
        400,
      ],
      ['a long field', form(field('a', 'x'.repeat(1025)), file()), 400],
      [
        'a header without end',
        form(part(`X: ${'x'.repeat(20_000)}\r\n${disposition('name="file"; filename="x"')}`)),
        400,
      ],
      ['another boundary', Buffer.from('--abc\r\n\r\nx\r\n--abc--'), 400],
      ['a form that is cut off', form(file()).subarray(0, -BOUNDARY.length - 6), 400],
      ['a form that is cut off in a header', form(file()).subarray(0, 40), 400],
      ['nothing but bytes', Buffer.alloc(5000, 0xff), 400],
      ['a file above the limit', form(file(Buffer.alloc(BYTES + 1))), 413],
      ['a form far above the limit', form(file(Buffer.alloc(BYTES * 2))), 413],
      [
        'many small parts that are too large together',
        form(file(), ...Array.from({ length: 9 }, () => field('a', 'x'.repeat(30_000)))),
        413,
      ],
    ] as const)
      it(name, async () => {
        const answer = await post(body);
        expect(answer.status).to.equal(status);
        expect(answer.told).to.match(/^file: /);
      });

    for (const [type, status] of [
      ['multipart/form-data', 400],
      ['multipart/form-data; boundary=', 400],
      ['multipart/form-data; boundary=""', 400],
      [`multipart/form-data; boundary=${'x'.repeat(1000)}`, 400],
      ['multipart/mixed; boundary=xyz', 415],
      ['application/x-www-form-urlencoded', 415],
      ['application/json', 415],
      ['image/png', 415],
      ['multipart/form-datax; boundary=xyz', 415],
      ['nonsense', 415],
    ] as const)
      it(`${type.slice(0, 60)}: ${status}`, async () => {
        expect((await post(form(file()), type)).status).to.equal(status);
      });

    it('a request without a body', async () => {
      expect(statusOf(await exchange(server.port, head('Connection: close')))).to.equal(400);
    });
  });

  describe('of a page', () => {
    async function read(body: Buffer): Promise<Record<string, unknown>> {
      const limits = { field: 'file', bytes: BYTES, tooLarge: 'IMAGE_TOO_LARGE' } as const;
      const { url } = await serveAll(async (ctx) => {
        const { fields, file: sent } = await readFileForm(ctx, limits);
        ctx.body = { fields, hex: sent?.toString('hex') };
      });
      const options = { method: 'POST', headers: { 'Content-Type': TYPE }, body: new Uint8Array(body) };
      return (await (await fetch(url, options)).json()) as Record<string, unknown>;
    }

    it('has fields beside its file', async () => {
      const body = form(field('csrf', 'token'), file(), field('__proto__', 'x'));
      const fields = JSON.parse('{ "csrf": "token", "__proto__": "x" }');
      expect(await read(body)).to.deep.equal({ fields, hex: FILE.toString('hex') });
    });

    it('may come without a file, or with an empty one', async () => {
      expect(await read(form(field('csrf', 'token')))).to.deep.equal({ fields: { csrf: 'token' } });
      expect(await read(form(file(''), field('csrf', 'token')))).to.deep.equal({ fields: { csrf: 'token' } });
    });
  });

  describe('does not wait', () => {
    it('for a body that says it is too large: answers, and closes the connection', async () => {
      const answer = await exchange(server.port, head('Content-Length: 104857600'));
      expect(statusOf(answer)).to.equal(413);
      expect(answer.toLowerCase()).to.include('connection: close');
    });

    it('for a body of another type', async () => {
      const lines = ['POST / HTTP/1.1', 'Host: x', 'Content-Type: image/png', 'Content-Length: 5000'];
      const answer = await exchange(server.port, `${lines.join('\r\n')}\r\n\r\nxxx`);
      expect(statusOf(answer)).to.equal(415);
    });

    it('for the end of a chunked body above the limit', async () => {
      const socket = connect(server.port, '127.0.0.1');
      socket.write(head('Transfer-Encoding: chunked'));
      socket.write(`1000\r\n${'x'.repeat(0x1000)}\r\n`);
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      expect(statusOf(await untilAnswered(socket, chunk))).to.equal(413);
    });

    it('for a caller that has gone, and goes on serving', async () => {
      const socket = connect(server.port, '127.0.0.1');
      socket.write(head('Content-Length: 5000'));
      socket.write(form(file()).subarray(0, 60));
      await once(socket, 'connect');
      socket.destroy();
      await endOf(socket);
      expect((await post(form(file()))).status).to.equal(200);
    });
  });
});
