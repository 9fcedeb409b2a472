import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { nginxText } from '../../src/bin/init/proxy-file.ts';
import { IMPORT_PATHS } from '../../src/http/long-bodies.ts';
import { LOCALHOST } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { NGINX, startNginx } from '../support/nginx.ts';

/** More than the limit of the file for usual bodies. */
const LONG = Buffer.alloc(5 * 1024 * 1024, 'x');
const FORGED = { 'x-ssl-client-cert': 'forged', 'x-ssl-client-verify': 'SUCCESS' };

describe('bodies behind nginx, as pratu init sets it up', () => {
  if (!NGINX) {
    it('(nginx is not installed)');
    return;
  }

  let upstream: Server;
  let port: number;
  let headers: IncomingHttpHeaders;
  let begun: PromiseWithResolvers<void>;

  before(async () => {
    // responds to an import over HTTP when its body begins, and to others at its end
    upstream = createServer(async (req, res) => {
      headers = req.headers;
      let bytes = 0;
      for await (const chunk of req) {
        if (bytes === 0) begun.resolve();
        if (bytes === 0 && req.url === IMPORT_PATHS.api) res.write('begun ');
        bytes += (chunk as Buffer).length;
      }
      res.end(String(bytes));
    });
    await once(upstream.listen(0, '127.0.0.1'), 'listening');
    const { port: upstreamPort } = upstream.address() as { port: number };
    port = await freePort();
    await startNginx(
      (folder) =>
        nginxText({
          issuer: new URL(`https://localhost:${port}`),
          ports: [upstreamPort],
          certificate: `${folder}/localhost.pem`,
          certificateKey: `${folder}/localhost.key`,
        }),
      { port, files: { 'localhost.pem': LOCALHOST.cert, 'localhost.key': LOCALHOST.key } },
    );
  });

  beforeEach(() => {
    begun = Promise.withResolvers();
  });

  after(() => {
    upstream.closeAllConnections();
    upstream.close();
  });

  const post = (path: string, length?: number) =>
    request({
      ...{ host: 'localhost', port, path, method: 'POST', ca: LOCALHOST.cert },
      headers: { ...FORGED, ...(length === undefined ? {} : { 'content-length': length }) },
    });

  const responseTo = async (sent: ClientRequest): Promise<IncomingMessage> => {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response;
  };
  const expectHeaders = (): void => {
    expect(headers).to.include({ host: `localhost:${port}`, 'x-forwarded-for': '127.0.0.1' });
    expect(headers).not.to.have.any.keys(...Object.keys(FORGED), 'connection');
  };

  it('have any length in the console, and arrive while they are sent', async () => {
    const sent = post(IMPORT_PATHS.console);
    sent.write('first');
    await begun.promise;
    sent.end(LONG);
    expect(await text(await responseTo(sent))).to.equal(String(LONG.length + 5));
    expectHeaders();
  });

  it('arrive completely where the server responds while it reads', async () => {
    const sent = post(IMPORT_PATHS.api);
    sent.write('first');
    sent.end(LONG.subarray(0, LONG.length / 5));
    expect(await text(await responseTo(sent))).to.equal(`begun ${LONG.length / 5 + 5}`);
    expectHeaders();
  });

  for (const path of ['/account', `${IMPORT_PATHS.console}/`, IMPORT_PATHS.api])
    it(`have a limit at ${path}`, async () => {
      const sent = post(path, LONG.length);
      sent.flushHeaders();
      const { statusCode } = await responseTo(sent);
      sent.on('error', () => {}).destroy();
      expect(statusCode).to.equal(413);
    });
});
