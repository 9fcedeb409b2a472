import { expect } from 'chai';
import sharp from 'sharp';
import { startServer, type TestServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';
import { alerts, notice, somebody, type Visitor } from './visitor.ts';

const PATH = '/account/picture';

const drawn = (format: 'png' | 'jpeg' | 'webp'): Promise<Buffer> =>
  sharp({ create: { width: 20, height: 10, channels: 3, background: '#c08040' } })
    .toFormat(format)
    .toBuffer();

describe('the picture in the account area', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  /** Uploads a file as the form of the page does. */
  async function upload(person: Visitor, file: Buffer | undefined, csrf?: string) {
    const form = new FormData();
    form.append('csrf', csrf ?? csrfOf((await person.open(PATH)).page));
    if (file) form.append('file', new Blob([new Uint8Array(file)]), 'me.png');
    return person.post(PATH, form);
  }

  const pictureOf = async (person: Visitor) => (await person.account())?.pictureId ?? null;

  for (const format of ['png', 'jpeg'] as const) {
    it(`takes a ${format}, shows it, and takes it off again`, async () => {
      const person = await (await somebody(server)).signIn();
      const { status, next } = await upload(person, await drawn(format));
      expect([status, next]).to.deep.equal([303, `${PATH}?outcome=picture_saved`]);
      const { page } = await person.open(next);
      expect(notice(page)).to.equal('Your picture has been saved.');
      const source = /<img class="avatar" src="([^"]+)" alt="Your picture"/.exec(page)?.[1] ?? '';
      expect((await fetch(server.url + source)).headers.get('content-type')).to.equal(`image/${format}`);
      expect((await person.open('/account')).page).to.include(source);
      const removed = await person.send(`${PATH}/remove`, {}, { on: PATH });
      expect(removed.next).to.equal(`${PATH}?outcome=picture_removed`);
      expect(await pictureOf(person)).to.equal(null);
      expect((await person.open(PATH)).page)
        .to.not.include('<img')
        .and.not.include('/remove"');
    });
  }

  it('says what is wrong with a file', async () => {
    const person = await (await somebody(server)).signIn();
    const png = await drawn('png');
    const tries: [Buffer | undefined, number, RegExp][] = [
      [undefined, 400, /^No file was sent/],
      [Buffer.alloc(0), 400, /^No file was sent/],
      [await drawn('webp'), 415, /^The file is not a JPEG or PNG/],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, /^The file is not a JPEG or PNG/],
      [png.subarray(0, png.length - 20), 422, /^The picture is damaged/],
    ];
    for (const [file, wanted, words] of tries) {
      const { status, page } = await upload(person, file);
      expect(status).to.equal(wanted);
      expect(alerts(page)).to.have.length(1);
      expect(alerts(page)[0]).to.match(words);
      expect(page).to.include('href="#file"').and.include('enctype="multipart/form-data"');
    }
    expect(await pictureOf(person)).to.equal(null);
  });

  it('refuses a file that is too large', async () => {
    const person = await (await somebody(server)).signIn();
    const { status, page } = await upload(person, Buffer.alloc(3 * 1024 * 1024 + 1));
    expect(status).to.equal(413);
    expect(alerts(page)[0]).to.match(/^The picture is too large/);
  });

  it('needs the token of the page, and the form that has the file', async () => {
    const person = await (await somebody(server)).signIn();
    expect((await upload(person, await drawn('png'), 'made-up')).status).to.equal(403);
    expect((await person.send(`${PATH}/remove`, {}, { csrf: 'made-up' })).status).to.equal(403);
    expect((await person.send(PATH, {})).status).to.equal(415);
    expect(await pictureOf(person)).to.equal(null);
  });

  it('is for anyone who is signed in', async () => {
    const person = await somebody(server);
    const { status, next } = await upload(person, await drawn('png'), 'none');
    expect(status).to.equal(303);
    expect(new URL(next).pathname).to.equal('/oauth/authorize');
  });
});
