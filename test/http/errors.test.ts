import { PassThrough } from 'node:stream';
import Router, { type RouterContext } from '@koa/router';
import { expect } from 'chai';
import Koa, { type Middleware } from 'koa';
import { AppError } from '../../src/errors/app-error.ts';
import { Violations } from '../../src/errors/violations.ts';
import { errorBoundary, type PresentFailure, presentJson, toFailure } from '../../src/http/errors.ts';
import { logger } from '../../src/http/log.ts';
import { refusalOf } from '../../src/http/refusal.ts';
import { routesOf, serve, stopAll } from './serve.ts';

describe('errors', () => {
  let lines: string[];

  beforeEach(() => {
    lines = [];
  });
  afterEach(stopAll);

  function start(handler: Middleware, present: PresentFailure = presentJson) {
    const log = logger({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const app = new Koa();
    app.use(errorBoundary({ log, present })).use(handler);
    return serve(app);
  }

  const throwing = (error: unknown) =>
    start(() => {
      throw error;
    });

  it('presents a failure of the catalogue, naming the field', async () => {
    const { url } = await throwing(new AppError('INVALID_EMAIL', { field: 'email' }));
    const response = await fetch(url);
    expect(response.status).to.equal(400);
    expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    expect(await response.json()).to.deep.equal({
      error: 'invalid_request',
      error_description: 'email: This is not a valid e-mail address.',
    });
    expect(lines).to.deep.equal([]);
  });

  for (const [name, error, refusal] of [
    [
      'the reason',
      new AppError('INSUFFICIENT_SCOPE', { reason: 'insufficient_scope', field: 'scope' }),
      { error: 'INSUFFICIENT_SCOPE', reason: 'insufficient_scope' },
    ],
    [
      'the limit',
      new AppError('TOO_MANY_ATTEMPTS', { lock: { limit: 'address', seconds: 60 } }),
      { error: 'TOO_MANY_ATTEMPTS', reason: 'limit address' },
    ],
    [
      'every field',
      new Violations([
        { field: 'email', code: 'INVALID_EMAIL' },
        { field: 'mobile', code: 'INVALID_MOBILE' },
      ]),
      { error: 'INVALID_EMAIL', reason: 'email: INVALID_EMAIL, mobile: INVALID_MOBILE' },
    ],
    ['the code of an unexpected error', new Error('select'), { error: 'INTERNAL', reason: undefined }],
  ] as const)
    it(`has ${name} of a refusal for the access log`, async () => {
      let noted: unknown;
      const { url } = await start(
        () => {
          throw error;
        },
        (ctx, failure) => {
          noted = refusalOf(ctx);
          presentJson(ctx, failure);
        },
      );
      await fetch(url);
      expect(noted).to.deep.equal(refusal);
    });

  for (const [retryAfter, sent] of [
    [undefined, '1'],
    [2.2, '3'],
  ] as const)
    it(`an outage is 503 with Retry-After ${sent}, and logged`, async () => {
      const { url } = await throwing(
        new AppError('UNAVAILABLE', { retryAfter, cause: new Error('pool is full') }),
      );
      const response = await fetch(url);
      expect([response.status, response.headers.get('retry-after')]).to.deep.equal([503, sent]);
      expect(await response.json()).to.have.property('error', 'temporarily_unavailable');
      expect(lines.join()).to.include('pool is full');
    });

  for (const [name, error] of [
    ['an error', new Error('select * from secrets at /srv/app.js')],
    ['a thrown string', 'select * from secrets'],
    ['nothing', undefined],
    ['an HTTP error of our side', Object.assign(new Error('select'), { status: 502, expose: true })],
    ['an error that only looks like one of the caller', Object.assign(new Error('select'), { status: 400 })],
  ] as const)
    it(`${name} that nobody meant is 500, told nothing about, logged once`, async () => {
      const { url } = await throwing(error);
      const response = await fetch(url);
      expect(response.status).to.equal(500);
      expect(await response.json()).to.deep.equal({
        error: 'server_error',
        error_description: 'An internal error occurred.',
      });
      expect(lines).to.have.length(1);
      expect(JSON.parse(lines[0]!)).to.include({ level: 'error', route: 'unmatched' });
    });

  for (const [status, code] of [
    [400, 'BAD_REQUEST'],
    [404, 'NOT_FOUND'],
    [405, 'METHOD_NOT_ALLOWED'],
    [413, 'BODY_TOO_LARGE'],
    [415, 'UNSUPPORTED_MEDIA_TYPE'],
    [418, 'BAD_REQUEST'],
  ] as const)
    it(`an exposed ${status} is ${code}`, () => {
      expect(toFailure(Object.assign(new Error('x'), { status, expose: true }))).to.have.property(
        'code',
        code,
      );
    });

  it('responds to an unknown path, and to a wrong method', async () => {
    const router = new Router();
    router.get('/here', (ctx) => {
      ctx.body = 'here';
    });
    const { url } = await start(async (ctx, next) => {
      await routesOf(router)(ctx, () => router.allowedMethods()(ctx as RouterContext, next));
    });
    const missing = await fetch(`${url}/nowhere`);
    expect([missing.status, (await missing.json()).error]).to.deep.equal([404, 'not_found']);
    const wrong = await fetch(`${url}/here`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).to.deep.equal([405, 'HEAD, GET']);
    expect((await wrong.json()).error).to.equal('invalid_request');
  });

  it('leaves nothing of a response that was not sent', async () => {
    const { url } = await start((ctx) => {
      ctx.redirect('https://rp.example/?code=s3cr3t');
      ctx.set({ ETag: '"x"', 'Cache-Control': 'public', 'Content-Disposition': 'attachment' });
      throw new AppError('BAD_REQUEST');
    });
    const { status, headers } = await fetch(url, { redirect: 'manual' });
    expect(status).to.equal(400);
    expect(headers.get('cache-control')).to.equal('no-store');
    for (const name of ['location', 'etag', 'content-disposition'])
      expect(headers.get(name), name).to.equal(null);
  });

  it('keeps its status when the presenter fails, and falls back to JSON', async () => {
    const { url } = await start(
      () => {
        throw new AppError('FORM_NOT_OURS');
      },
      () => {
        throw new Error('template is broken');
      },
    );
    const response = await fetch(url);
    expect([response.status, (await response.json()).error]).to.deep.equal([403, 'access_denied']);
    expect(lines.join()).to.include('template is broken');
  });

  it('cuts an answer that had begun', async () => {
    const { url } = await start(async (ctx) => {
      ctx.respond = false;
      ctx.res.write('half');
      throw new Error('late');
    });
    const outcome = await fetch(url)
      .then((response) => response.text())
      .catch(() => 'cut');
    expect(outcome).to.equal('cut');
    expect(lines).to.have.length(1);
  });

  it('leaves streams and answers without Koa alone', async () => {
    const { url } = await start((ctx) => {
      if (ctx.path === '/raw') {
        ctx.respond = false;
        ctx.res.end('raw');
        return;
      }
      const stream = new PassThrough();
      stream.end('stream');
      ctx.body = stream;
    });
    expect(await (await fetch(`${url}/raw`)).text()).to.equal('raw');
    expect(await (await fetch(`${url}/stream`)).text()).to.equal('stream');
  });
});
