import { expect } from 'chai';
import sharp from 'sharp';
import { animated, claimedPng, noise, plain } from '../../domain/images/files.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { BASIC_CLIENT, tokenRequest } from '../../support/sign-in.ts';
import { type Answer, bearer, customersClient, violationsOf } from './customers-client.ts';

const MIB = 1024 * 1024;

describe('Customers API: image', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;
  let known: Awaited<ReturnType<typeof api.customer>>;

  before(async () => {
    server = await testServer();
    api = customersClient(server);
  });
  beforeEach(async () => {
    known = await api.customer();
  });

  function upload(
    file: Buffer | undefined,
    part = 'file',
    path = '/customers/image/upload',
  ): Promise<Answer> {
    const body = new FormData();
    // the file name and the type in the form are ignored
    if (file) body.set(part, new Blob([new Uint8Array(file)], { type: 'text/plain' }), 'picture.exe');
    else body.set('other', 'text');
    return api.call('POST', path, { body, headers: known.bearer });
  }
  const image = (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}/customers/image`, { headers: { ...known.bearer, ...headers } });

  it('is 404 when there is none', async () => {
    const { status, body } = await api.call('GET', '/customers/image', { headers: known.bearer });
    expect(status).to.equal(404);
    expect(body.error).to.equal('not_found');
  });

  for (const type of ['jpeg', 'png'] as const) {
    it(`is taken as ${type} and given back re-created, smaller and without its metadata`, async () => {
      const file = await plain(2000, 500)
        .withExif({ IFD0: { Artist: 'somebody' } })
        [type]()
        .toBuffer();
      const { status, body } = await upload(file);
      expect(status).to.equal(200);
      expect(body).to.deep.equal({ profileImagePath: `${server.url}/customers/image` });

      const answer = await image();
      expect(answer.headers.get('content-type')).to.equal(`image/${type}`);
      expect(answer.headers.get('cache-control')).to.equal('private, no-cache');
      expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
      const bytes = Buffer.from(await answer.arrayBuffer());
      const { width, height, format, exif } = await sharp(bytes).metadata();
      expect({ width, height, format, exif }).to.deep.equal({
        width: 1024,
        height: 256,
        format: type,
        exif: undefined,
      });
      expect(bytes.includes('somebody')).to.equal(false);
    });
  }

  it('is not sent again to who has it, until it changes', async () => {
    await upload(await plain().png().toBuffer());
    const etag = (await image()).headers.get('etag') ?? '';
    expect(etag).to.match(/^"[^"]+"$/);
    const same = await image({ 'if-none-match': etag });
    expect(same.status).to.equal(304);
    expect(same.headers.get('etag')).to.equal(etag);
    expect(await same.text()).to.equal('');
    await upload(await plain(64, 48, 'green').png().toBuffer(), 'file', '/customers/image/upload/');
    const changed = await image({ 'if-none-match': etag });
    expect(changed.status).to.equal(200);
    expect(changed.headers.get('etag')).to.not.equal(etag);
  });

  it('is where the picture claim leads, for anyone who has the URL', async () => {
    await upload(await plain().jpeg().toBuffer());
    const { body: tokens } = await tokenRequest(
      server.url,
      { grant_type: 'password', username: known.mobile, password: known.password, scope: 'openid profile' },
      { authorization: BASIC_CLIENT },
    );
    const userinfo = await api.call('GET', '/oauth/userinfo', { headers: bearer(tokens.access_token) });
    const { picture } = userinfo.body;
    expect(picture).to.match(new RegExp(`^${server.url}/pictures/[0-9a-f]{32}$`));
    const shown = await fetch(picture);
    expect(shown.status).to.equal(200);
    expect(Buffer.from(await shown.arrayBuffer())).to.deep.equal(
      Buffer.from(await (await image()).arrayBuffer()),
    );

    await upload(await plain(64, 48, 'blue').jpeg().toBuffer());
    expect((await fetch(picture)).status).to.equal(404);
    expect((await fetch(`${server.url}/pictures/${'0'.repeat(32)}`)).status).to.equal(404);
  });

  const refused: [what: string, status: number, code: string, file: () => Promise<Buffer> | Buffer][] = [
    ['a file over 3 MiB', 413, 'SIZ-10170', () => noise(1200).png({ compressionLevel: 0 }).toBuffer()],
    ['a body far larger', 413, 'SIZ-10170', () => Buffer.alloc(8 * MIB, 0xff)],
    ['more than 25 megapixels', 413, 'SIZ-10170', () => claimedPng(5001, 5000)],
    ['a GIF', 415, 'FMT-10170', () => plain().gif().toBuffer()],
    ['text', 415, 'FMT-10170', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['several frames', 415, 'FMT-10170', async () => animated(await plain().png().toBuffer())],
    [
      'a file that breaks off',
      422,
      'FMT-10170',
      async () => (await noise(200).jpeg().toBuffer()).subarray(0, 3000),
    ],
    ['a file that only begins as a PNG', 422, 'FMT-10170', () => claimedPng(100, 100).subarray(0, 40)],
    ['an empty file', 400, 'REQ-10170', () => Buffer.alloc(0)],
  ];
  for (const [what, status, code, file] of refused) {
    it(`cannot be ${what}`, async () => {
      const answer = await upload(await file());
      expect(answer.status, JSON.stringify(answer.body)).to.equal(status);
      expect(violationsOf(answer)).to.deep.equal({ 'upload.file': code });
      expect((await image()).status).to.equal(404);
    });
  }

  it('cannot be missing, under another name, or another type of body', async () => {
    expect(violationsOf(await upload(undefined))).to.deep.equal({ 'upload.file': 'REQ-10170' });
    const misnamed = await upload(await plain().png().toBuffer(), 'image');
    expect(misnamed.status).to.equal(400);
    expect(violationsOf(misnamed)).to.deep.equal({ 'upload.file': 'REQ-10170' });
    const json = await api.post('/customers/image/upload', { file: 'x' }, known.bearer);
    expect(json.status).to.equal(415);
    expect(violationsOf(json)).to.deep.equal({ 'upload.file': 'FMT-10170' });
    const bodyless = await api.call('POST', '/customers/image/upload', { headers: known.bearer });
    expect(bodyless.status).to.equal(400);
    expect(violationsOf(bodyless)).to.deep.equal({ 'upload.file': 'REQ-10170' });
  });

  it('is refused in the language that is requested', async () => {
    const send = (language: string) => {
      const headers = { ...known.bearer, 'accept-language': language };
      return api.call('POST', '/customers/image/upload', { headers });
    };
    expect((await send('en')).body.violations[0].message).to.match(/^[ -~]+$/);
    expect((await send('th')).body.violations[0].message).to.match(/[ก-๙]/);
  });
});
