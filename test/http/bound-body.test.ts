import { expect } from 'chai';
import Koa from 'koa';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import { boundBody } from '../../src/http/body.ts';
import { errorBoundary, presentJson } from '../../src/http/errors.ts';
import { serve, silent, stopAll } from './serve.ts';

const FORM = 'application/x-www-form-urlencoded';

describe('bound body, before oidc-provider', () => {
  afterEach(stopAll);

  let provider: Provider;

  /** A bare provider with a grant that responds with its parameters. */
  before(() => {
    provider = new Provider('http://localhost', {
      clients: [
        {
          client_id: 'client',
          client_secret: 'secret',
          grant_types: ['urn:echo'],
          redirect_uris: [],
          response_types: [],
        },
      ],
    });
    provider.registerGrantType(
      'urn:echo',
      (ctx: KoaContextWithOIDC) => {
        ctx.body = ctx.oidc.params;
      },
      ['text', 'resource'],
      ['resource'],
    );
  });

  async function start() {
    const app = new Koa();
    app.use(errorBoundary({ log: silent, present: presentJson }));
    app.use(async (ctx, next) => {
      await boundBody(ctx, 1000);
      await next();
    });
    const callback = provider.callback();
    app.use(async (ctx) => {
      ctx.respond = false;
      await callback(ctx.req, ctx.res);
    });
    const { url } = await serve(app);
    return (body: string, type = FORM) =>
      fetch(`${url}/token`, {
        method: 'POST',
        headers: { 'Content-Type': type, Authorization: `Basic ${btoa('client:secret')}` },
        body,
      });
  }

  it('hands the form on as it was sent, repeated fields too', async () => {
    const post = await start();
    const response = await post('grant_type=urn%3Aecho&text=a+b%2B%E0%B8%81&resource=urn:a&resource=urn:b');
    expect(response.status).to.equal(200);
    expect(await response.json()).to.deep.equal({
      grant_type: 'urn:echo',
      text: 'a b+ก',
      resource: ['urn:a', 'urn:b'],
    });
  });

  for (const [name, body, status] of [
    ['an empty form', '', 400],
    ['a NUL', 'grant_type=urn%3Aecho&text=%00', 400],
    ['a surrogate', 'grant_type=urn%3Aecho&text=%ED%A0%80', 400],
    ['a broken escape', 'grant_type=urn%3Aecho&text=%', 400],
    ['too many bytes', `grant_type=urn%3Aecho&text=${'x'.repeat(1000)}`, 413],
    ['a repeated field', 'grant_type=urn%3Aecho&text=a&text=b', 400],
  ] as const)
    it(`${name}: ${status} and JSON`, async () => {
      const post = await start();
      const response = await post(body);
      expect(response.status).to.equal(status);
      expect(await response.json()).to.have.property('error', 'invalid_request');
    });

  it('leaves other types to the library', async () => {
    const post = await start();
    const response = await post('{"grant_type":"urn:echo"}', 'application/json');
    expect([response.status, (await response.json()).error]).to.deep.equal([400, 'invalid_request']);
  });

  it('refuses a charset that the library would decode differently', async () => {
    const post = await start();
    expect((await post('grant_type=urn%3Aecho', `${FORM}; charset=utf-16le`)).status).to.equal(415);
  });
});
