import { expect } from 'chai';
import { mailSender } from '../../../src/domain/messages/mail-sender.ts';
import { SendFailure } from '../../../src/domain/messages/send-failure.ts';
import { type SmtpServer, smtpServer } from '../../support/smtp-server.ts';

const ID = '6f1f1c1e-8f55-4c39-8f51-0f2a4a2f7a01';
const mail = { to: 'somchai@example.com', subject: 'Hello', text: 'สวัสดี\n', html: '<p>สวัสดี</p>' };

describe('sending mail', () => {
  let server: SmtpServer;
  beforeEach(async () => {
    server = await smtpServer();
  });
  afterEach(() => server.close());

  const send = (
    content: Partial<typeof mail> = {},
    signal = AbortSignal.timeout(15_000),
    timeoutMs = 10_000,
  ): Promise<void> =>
    mailSender({ smtpUrl: server.url, from: 'Pratu <no-reply@id.example>', timeoutMs })({
      id: ID,
      content: { ...mail, ...content },
      signal,
    });
  const failure = async (sending: Promise<void>): Promise<SendFailure> => {
    const error = await sending.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(SendFailure);
    return error as SendFailure;
  };

  it('has the stored address in the envelope, byte for byte', async () => {
    const addresses = [
      'somchai@example.com',
      'First.Last+tag@sub.example.com',
      "o'brien!#$%&*/=?^_`{|}~-@example.com",
    ];
    for (const to of addresses) await send({ to });
    expect(server.mails.map((received) => received.to)).to.deep.equal(addresses.map((to) => [to]));
    expect(server.mails[0]?.from).to.equal('no-reply@id.example');
  });

  it('names sender and recipient, and tells machines not to answer', async () => {
    await send();
    const headers = server.mails[0]?.data.split('\n\n')[0]?.split('\n');
    expect(headers).to.include.members([
      'From: Pratu <no-reply@id.example>',
      'To: somchai@example.com',
      'Subject: Hello',
      'Auto-Submitted: auto-generated',
    ]);
  });

  it('has the same Message-ID at every try', async () => {
    await send();
    await send();
    for (const { data } of server.mails) expect(data).to.include(`Message-ID: <${ID}@id.example>\n`);
  });

  it('refuses what a mail program could read as something else than one address', async () => {
    const addresses = [
      '"a@evil.example b"@example.com',
      'a@evil.example,b@example.com',
      'a@evil.example;b@example.com',
      'x <a@evil.example>',
      'a@evil.example(b@example.com)',
      'a@b@example.com',
      'a@[127.0.0.1]',
      'a@example.com\r\nRCPT TO:<b@evil.example>',
      'a b@example.com',
      'a@',
      '',
    ];
    for (const to of addresses) expect((await failure(send({ to }))).code, to).to.equal('ADDRESS');
    expect(server.mails).to.be.empty;
  });

  it('lets a subject start no header', async () => {
    await send({ subject: 'Hello\r\nBcc: evil@evil.example\r\n\r\nbody' });
    expect(server.mails[0]?.to).to.deep.equal(['somchai@example.com']);
    expect(server.mails[0]?.data).not.to.match(/^bcc:/im);
  });

  it('fails with the code of a refusal and nothing of its words', async () => {
    server.refusals.set('RCPT', '550 5.1.1 <somchai@example.com> unknown');
    const { code, message } = await failure(send());
    expect(code).to.equal('SMTP_550');
    expect(message).not.to.include('somchai');
  });

  it('fails when no server listens', async () => {
    await server.close();
    const { code } = await failure(send());
    server = await smtpServer();
    expect(code).to.be.oneOf(['ESOCKET', 'ECONNREFUSED', 'ECONNECTION']);
  });

  describe('to a server that never speaks', () => {
    beforeEach(async () => {
      await server.close();
      server = await smtpServer({ mute: true });
    });

    it('gives up after its time', async () => {
      expect((await failure(send({}, undefined, 100))).code).to.equal('ETIMEDOUT');
    });

    it('gives up when it is aborted', async () => {
      const { code } = await failure(send({}, AbortSignal.timeout(50)));
      expect(code).to.be.oneOf(['TIMEOUT', 'EABORT']);
    });
  });

  it('needs one plain sender address', () => {
    for (const from of ['a@example.com, b@example.com', 'nobody', '']) {
      expect(() => mailSender({ smtpUrl: server.url, from, timeoutMs: 300 }), from).to.throw('messages.from');
    }
  });
});
