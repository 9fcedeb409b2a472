import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail as the server received it. */
export interface ReceivedMail {
  /** The addresses of `MAIL FROM` and `RCPT TO`, without the angle brackets. */
  from: string;
  to: string[];
  /** Headers and body. */
  data: string;
}

export interface SmtpServer {
  url: string;
  mails: ReceivedMail[];
  /** Full reply lines that replace the acceptance of a command (`RCPT`, `DATA`, …) while they are set. */
  refusals: Map<string, string>;
  close(): Promise<void>;
}

const pathOf = (line: string): string => /<(.*?)>/.exec(line)?.[1] ?? '';

/** One SMTP session (RFC 5321 §4.1), just enough of it for a well-behaved client. */
async function converse(
  socket: Socket,
  { mails, refusals }: Pick<SmtpServer, 'mails' | 'refusals'>,
): Promise<void> {
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  let mail: ReceivedMail = { from: '', to: [], data: '' };
  let reading = false;
  say('220 test');
  for await (const line of createInterface({ input: socket })) {
    const command = line.slice(0, 4).toUpperCase();
    if (reading) {
      if (line !== '.') {
        mail.data += `${line.replace(/^\.\./, '.')}\n`;
        continue;
      }
      reading = false;
      mails.push(mail);
      mail = { from: '', to: [], data: '' };
      say('250 ok');
      continue;
    }
    const refusal = refusals.get(command);
    if (refusal) say(refusal);
    else if (command === 'DATA') {
      reading = true;
      say('354 go on');
    } else {
      if (command === 'MAIL') mail.from = pathOf(line);
      if (command === 'RCPT') mail.to.push(pathOf(line));
      say(command === 'QUIT' ? '221 bye' : '250 ok');
    }
  }
}

/** Starts a mail server on a free loopback port. A `mute` one accepts connections and sends nothing. */
export async function smtpServer({ mute = false } = {}): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const refusals = new Map<string, string>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // some tests close the client's connection in the middle
    socket.on('error', () => {});
    if (!mute) void converse(socket, { mails, refusals });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    refusals,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
