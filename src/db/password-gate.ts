import type { Socket } from 'node:net';
import { equalSecrets } from '../lib/constant-time.ts';
import type { Message } from './wire-messages.ts';

/** AuthenticationCleartextPassword: the password stays on this machine. */
const ASK = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
/**
 * The limit before the password: more than a startup message and a password need. A web page that finds the port may
 * send anything.
 */
const LONGEST_BYTES = 10_000;

function refusal(): Buffer {
  const fields = ['SFATAL', 'VFATAL', 'C28P01', 'Mpassword authentication failed', ''].join('\0');
  const body = Buffer.from(`${fields}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Returns the password of a PasswordMessage: a letter, the length, and a zero-terminated string. */
const passwordIn = ({ bytes }: Message): string => Buffer.from(bytes.subarray(5, -1)).toString('utf8');

/** Admits a connection once it has sent the password. */
export interface PasswordGate {
  /** Counts the bytes received before the password. Returns false when there are too many. */
  accepts(bytes: number): boolean;
  /** Returns the message to pass on, if any. The startup message is held back until the password has arrived. */
  pass(message: Message): Message | undefined;
}

/** Creates a gate for one connection. Without a password, everything passes. */
export function passwordGate(socket: Socket, password: string | undefined): PasswordGate {
  let open = password === undefined;
  let received = 0;
  let start: Message | undefined;
  return {
    accepts(bytes) {
      received += bytes;
      return open || received <= LONGEST_BYTES;
    },
    pass(message) {
      if (open || message.type === 'ssl' || message.type === 'cancel') return message;
      if (message.type === 'startup') {
        start = message;
        socket.write(ASK);
        return undefined;
      }
      open = message.type === 'p' && equalSecrets(passwordIn(message), password ?? '');
      if (!open) socket.end(refusal());
      return open ? start : undefined;
    },
  };
}
