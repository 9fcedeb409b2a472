import { expect } from 'chai';
import type { ImageType, ProfileImage } from '../../../src/domain/images/image.ts';
import { pictures } from '../../../src/pages/links/pictures.ts';
import { type Served, send, serveAll, stopAll } from '../../http/serve.ts';

const JPEG = 'a'.repeat(32);
const PNG = 'b'.repeat(32);
const kept = (pictureId: string, type: ImageType): ProfileImage => ({
  pictureId,
  type,
  bytes: Buffer.from(`bytes of ${pictureId}`),
  width: 1,
  height: 1,
  updatedAt: new Date(0),
});

describe('pictures', () => {
  let server: Served;
  const asked: string[] = [];
  before(async () => {
    const all = new Map([JPEG, PNG].map((id) => [id, kept(id, id === JPEG ? 'image/jpeg' : 'image/png')]));
    const findByPicture = async (id: string) => {
      asked.push(id);
      return all.get(id);
    };
    server = await serveAll(pictures({ images: { findByPicture } }));
  });
  after(stopAll);
  const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`${server.url}${path}`, init);
  const withTag = (tag: string, method = 'GET') =>
    ask(`/pictures/${JPEG}`, { method, headers: { 'If-None-Match': tag } });

  for (const [id, type, name] of [
    [JPEG, 'image/jpeg', 'picture.jpg'],
    [PNG, 'image/png', 'picture.png'],
  ] as const)
    it(`are served as ${type}, and as nothing that could run`, async () => {
      const answer = await ask(`/pictures/${id}`);
      expect(answer.status).to.equal(200);
      expect(Object.fromEntries(answer.headers)).to.include({
        'content-type': type,
        'content-disposition': `inline; filename="${name}"`,
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'private, no-cache',
        'x-content-type-options': 'nosniff',
        etag: `"${id}"`,
      });
      expect(await answer.text()).to.equal(`bytes of ${id}`);
    });

  it('answer HEAD without a body', async () => {
    const answer = await ask(`/pictures/${JPEG}`, { method: 'HEAD' });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-length')).to.equal('41');
    expect(await answer.text()).to.equal('');
  });

  for (const tag of [`"${JPEG}"`, `W/"${JPEG}"`, `"x", "${JPEG}"`, '*'])
    it(`say 304 to a caller that has ${tag.replace(JPEG, 'it')}`, async () => {
      for (const method of ['GET', 'HEAD']) {
        const raw = await send(
          server.port,
          `${method} /pictures/${JPEG} HTTP/1.1`,
          'Host: x',
          `If-None-Match: ${tag}`,
        );
        expect(raw).to.match(/^HTTP\/1\.1 304 /);
        expect(raw).to.include(`ETag: "${JPEG}"`);
        expect(raw).to.include('Cache-Control: private, no-cache');
        expect(raw).not.to.match(/^content-type|bytes of/im);
      }
    });

  it('are sent to a caller that has another', async () => {
    expect((await withTag(`"${PNG}"`)).status).to.equal(200);
    expect((await withTag(JPEG)).status).to.equal(200);
  });

  it('are not found by another id, by no id and by a longer path', async () => {
    for (const path of [
      '/pictures/c',
      '/pictures/',
      '/pictures',
      `/pictures/${JPEG}/`,
      `/Pictures/${JPEG}`,
    ]) {
      const answer = await ask(path, { headers: { 'If-None-Match': '*' } });
      expect(answer.status, path).to.equal(404);
      expect(answer.headers.has('etag'), path).to.equal(false);
      expect(answer.headers.get('content-type'), path).to.match(/^application\/json/);
    }
    expect(asked).to.include('c');
  });

  it('take no other method', async () => {
    expect((await ask(`/pictures/${JPEG}`, { method: 'POST' })).status).to.equal(405);
  });
});
