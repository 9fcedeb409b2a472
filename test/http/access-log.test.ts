import { once } from 'node:events';
import { connect } from 'node:net';
import Router from '@koa/router';
import { expect } from 'chai';
import { AppError } from '../../src/errors/app-error.ts';
import { accessLog } from '../../src/http/access-log.ts';
import { logger } from '../../src/http/log.ts';
import { noteError, noteRefusal } from '../../src/http/refusal.ts';
import { requestId } from '../../src/http/request-id.ts';
import { routesOf, serveAll, stopAll } from './serve.ts';

describe('access log', () => {
  let lines: string[];
  let wake: () => void;
  let arrived: PromiseWithResolvers<void>;

  beforeEach(() => {
    lines = [];
    wake = () => undefined;
    arrived = Promise.withResolvers();
  });
  afterEach(stopAll);

  function start() {
    const log = logger(
      { level: 'info' },
      {
        write(line) {
          lines.push(line);
          wake();
        },
      },
    );
    const router = new Router();
    router.get('/reset/:secret', (ctx) => {
      ctx.body = 'ok';
    });
    router.get('/never', () => {
      arrived.resolve();
      return new Promise(() => undefined);
    });
    router.get('/ready', (ctx) => {
      ctx.body = 'ok';
    });
    router.get('/refused', (ctx) => {
      ctx.state.clientId = 'app';
      noteError(ctx, new AppError('INVALID_EMAIL', { field: 'email' }));
      noteRefusal(ctx, { error: 'later' });
      ctx.status = 400;
      ctx.body = 'no';
    });
    router.get('/broken', () => {
      throw new Error('broken');
    });
    return serveAll(
      requestId(),
      accessLog({ log, trustProxy: 1 }),
      (ctx, next) => {
        if (ctx.path.startsWith('/oauth/')) ctx.state.route = '/oauth/*';
        return next();
      },
      routesOf(router),
    );
  }

  const line = async () => {
    if (lines.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return JSON.parse(lines[0]!);
  };

  it('has the pattern of the route and the network of the client, nothing as sent', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/reset/s3cr3t?code=s3cr3t`, {
      headers: { 'X-Forwarded-For': '198.51.100.77', Cookie: 'sid=s3cr3t', Authorization: 'Bearer s3cr3t' },
    });
    expect(await line()).to.include({
      requestId: response.headers.get('x-request-id'),
      method: 'GET',
      route: '/reset/:secret',
      status: 200,
      network: '198.51.100.0/24',
      msg: 'request',
    });
    expect(lines).to.have.length(1);
    expect((await line()).ms).to.be.within(0, 60_000);
    expect(lines[0]).not.to.match(/s3cr3t|100\.77/);
  });

  it('has the client of a request and the reason of a refusal, by the first part that knew', async () => {
    const { url } = await start();
    await fetch(`${url}/refused`);
    expect(await line()).to.include({
      clientId: 'app',
      error: 'INVALID_EMAIL',
      reason: 'email',
      status: 400,
    });
  });

  it('is silent about probes', async () => {
    const { url } = await start();
    await fetch(`${url}/ready`);
    await fetch(`${url}/refused`);
    expect(await line()).to.include({ route: '/refused' });
    expect(lines).to.have.length(1);
  });

  it('takes the route that a surface states', async () => {
    const { url } = await start();
    await fetch(`${url}/oauth/s3cr3t`);
    expect((await line()).route).to.equal('/oauth/*');
  });

  it('calls what no route serves unmatched', async () => {
    const { url } = await start();
    await fetch(`${url}/s3cr3t`);
    expect(await line()).to.include({ route: 'unmatched', status: 404 });
  });

  it('marks a request whose caller went away', async () => {
    const { port } = await start();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end('GET /never HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived.promise;
    socket.destroy();
    expect(await line()).to.include({ route: '/never', aborted: true });
  });
});
