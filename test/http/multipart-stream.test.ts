import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import Koa from 'koa';
import { AppError } from '../../src/errors/app-error.ts';
import { streamFileForm } from '../../src/http/multipart-stream.ts';

describe('a form with a file of any size', () => {
  let server: Server;
  let url = '';

  before((done) => {
    const app = new Koa({});
    app.silent = true;
    app.use(async (ctx) => {
      try {
        const { fields, file } = await streamFileForm(ctx, 'file');
        let bytes = 0;
        for await (const chunk of file) bytes += (chunk as Buffer).length;
        ctx.body = { fields, bytes };
      } catch (error) {
        ctx.status = 400;
        ctx.body = { code: error instanceof AppError ? error.code : String(error) };
      }
    });
    server = createServer(app.callback()).listen(0, '127.0.0.1', () => {
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });

  after(() => server.close());

  const send = async (body: BodyInit, headers = {}) =>
    (await fetch(url, { method: 'POST', body, headers })).json() as Promise<Record<string, unknown>>;

  it('has the fields before the file, and every byte of it', async () => {
    const form = new FormData();
    form.append('csrf', 'token');
    form.append('file', new Blob([Buffer.alloc(3_000_000, 'x')]), 'accounts.ndjson');
    expect(await send(form)).to.deep.equal({ fields: { csrf: 'token' }, bytes: 3_000_000 });
  });

  it('is refused without the file, with another media type and when it is no form', async () => {
    const form = new FormData();
    form.append('csrf', 'token');
    form.append('other', new Blob(['x']), 'x');
    expect(await send(form)).to.deep.equal({ code: 'FILE_MISSING' });
    expect(await send('{}', { 'content-type': 'application/json' })).to.deep.equal({
      code: 'UNSUPPORTED_MEDIA_TYPE',
    });
    expect(await send('x', { 'content-type': 'multipart/form-data' })).to.deep.equal({ code: 'BAD_REQUEST' });
  });
});
