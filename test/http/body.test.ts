import { connect } from 'node:net';
import { expect } from 'chai';
import type { Context } from 'koa';
import { readForm, readJson } from '../../src/http/body.ts';
import { untilAnswered } from '../support/raw-exchange.ts';
import { serveAll, statusOf, stopAll } from './serve.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const LIMITS = { bytes: 1000 };

describe('body', () => {
  afterEach(stopAll);

  const start = (read: (ctx: Context) => Promise<unknown>) =>
    serveAll(async (ctx) => {
      ctx.body = { read: await read(ctx) };
    });
  const forms = () => start((ctx) => readForm(ctx, LIMITS));
  const json = () => start((ctx) => readJson(ctx, LIMITS));

  async function post(url: string, type: string | undefined, body: string | Buffer) {
    const headers = type ? { 'Content-Type': type } : undefined;
    const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
    const answer = await response.json();
    return { status: response.status, read: answer.read, told: answer.error_description };
  }

  describe('of a form', () => {
    for (const [text, read] of [
      ['', {}],
      ['a=1', { a: '1' }],
      ['a=b+c%20d%2B&e=&f&=g', { a: 'b c d+', e: '', f: '', '': 'g' }],
      ['&&a=1&', { a: '1' }],
      ['a=b=c', { a: 'b=c' }],
      ['name=%E0%B8%81&raw=ก', { name: 'ก', raw: 'ก' }],
      ['constructor=1&toString=2', { constructor: '1', toString: '2' }],
    ] as const)
      it(`reads ${JSON.stringify(text)}`, async () => {
        const { url } = await forms();
        expect((await post(url, FORM, text)).read).to.deep.equal(read);
      });

    it('takes __proto__ for a name like any other', async () => {
      let keys: string[] = [];
      let polluted: unknown;
      const { url } = await start(async (ctx) => {
        const form = await readForm(ctx, LIMITS);
        keys = Object.keys(form);
        polluted = (form as { admin?: unknown }).admin ?? ({} as { admin?: unknown }).admin;
        return {};
      });
      await post(url, FORM, '__proto__=admin&a=1');
      expect(keys).to.deep.equal(['__proto__', 'a']);
      expect(polluted).to.equal(undefined);
    });

    for (const [name, text, status, told] of [
      ['a field twice', 'login=a&password=x&login=b', 400, 'login: The request is not valid.'],
      ['a strange field twice', '%22%3E=a&%22%3E=b', 400, 'The request is not valid.'],
      ['a NUL', 'login=a%00', 400, 'login: The request contains a character that is not allowed.'],
      ['a raw NUL', 'login=a\0', 400, 'login: The request contains a character that is not allowed.'],
      ['a surrogate', 'login=%ED%A0%80', 400, 'login: The request contains a character that is not allowed.'],
      ['a broken escape', 'login=50%', 400, 'login: The request contains a character that is not allowed.'],
      ['a broken name', '%zz=1', 400, 'The request contains a character that is not allowed.'],
      ['bytes that are no UTF-8', Buffer.from([0x61, 0x3d, 0xff]), 400, undefined],
      ['too many fields', Array.from({ length: 51 }, (_, i) => `f${i}=`).join('&'), 400, undefined],
      ['too many bytes', `a=${'x'.repeat(999)}`, 413, undefined],
    ] as const)
      it(`refuses ${name}`, async () => {
        const { url } = await forms();
        const answer = await post(url, FORM, text);
        expect(answer.status).to.equal(status);
        if (told) expect(answer.told).to.equal(told);
      });

    it('reads fifty fields', async () => {
      const { url } = await forms();
      const answer = await post(url, FORM, Array.from({ length: 50 }, (_, i) => `f${i}=`).join('&'));
      expect(Object.keys(answer.read)).to.have.length(50);
    });

    for (const [type, status] of [
      [`${FORM}; charset=UTF-8`, 200],
      [`${FORM}; charset=utf-16le`, 415],
      [JSON_TYPE, 415],
      ['multipart/form-data; boundary=x', 415],
      ['nonsense', 415],
      [undefined, 415],
    ] as const)
      it(`${type}: ${status}`, async () => {
        const { url } = await forms();
        expect((await post(url, type, 'a=1')).status).to.equal(status);
      });
  });

  describe('of JSON', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

    for (const text of ['{"a":[1,"x",null,true]}', '"x"', '0', 'null', '{"a":"\\ud83d\\ude00ก"}', nested(20)])
      it(`reads ${text}`, async () => {
        const { url } = await json();
        expect((await post(url, JSON_TYPE, text)).read).to.deep.equal(JSON.parse(text));
      });

    for (const [name, text, told] of [
      ['nothing', '', undefined],
      ['broken text', '{"password":', undefined],
      ['a NUL', '{"a":{"b":["\\u0000"]}}', 'b: The request contains a character that is not allowed.'],
      ['a lone surrogate', '{"a":"\\ud800"}', 'a: The request contains a character that is not allowed.'],
      ['a NUL in a name', '{"\\u0000":1}', undefined],
      ['__proto__', '{"a":{"__proto__":{"admin":true}}}', '__proto__: The request is not valid.'],
      ['an escaped __proto__', '{"\\u005f_proto__":1}', '__proto__: The request is not valid.'],
      ['depth', nested(21), undefined],
      ['great depth', nested(499), undefined],
      ['bytes that are no UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), undefined],
    ] as const)
      it(`refuses ${name}`, async () => {
        const { url } = await json();
        const answer = await post(url, JSON_TYPE, text);
        expect(answer.status).to.equal(400);
        if (told) expect(answer.told).to.equal(told);
      });

    for (const [type, status] of [
      ['application/json; charset=utf-8', 200],
      ['application/json; charset=iso-8859-1', 415],
      ['text/json', 415],
      [FORM, 415],
    ] as const)
      it(`${type}: ${status}`, async () => {
        const { url } = await json();
        expect((await post(url, type, '1')).status).to.equal(status);
      });
  });

  it('stops reading an endless chunked body at the limit', async () => {
    const { port } = await json();
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    expect(statusOf(await untilAnswered(socket, `c8\r\n${'x'.repeat(200)}\r\n`))).to.equal(413);
  });
});
