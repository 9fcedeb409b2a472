/** A complete message of the PostgreSQL wire protocol. */
export interface Message {
  /** The letter of the message, or `ssl`, `cancel` or `startup` for a message without one. */
  type: string;
  bytes: Uint8Array;
}

const LENGTH_BYTES = 4;
const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

/**
 * Returns the type of the first message of a connection, which has no letter: the length, and a code or the protocol
 * version.
 */
function opening(code: number): string {
  if (code === SSL_REQUEST) return 'ssl';
  return code === CANCEL_REQUEST ? 'cancel' : 'startup';
}

/**
 * Splits the data of one connection into messages. Keeps an incomplete message for the next call. Throws for a length
 * that no message can have.
 */
export function messageReader(): (data: Buffer) => Message[] {
  let rest: Buffer = Buffer.alloc(0);
  let started = false;

  function next(): Message | undefined {
    const letter = started ? 1 : 0;
    if (rest.length < letter + LENGTH_BYTES) return undefined;
    const length = rest.readInt32BE(letter);
    if (length < LENGTH_BYTES + (started ? 0 : LENGTH_BYTES)) throw new Error('not a message of PostgreSQL');
    const end = letter + length;
    if (rest.length < end) return undefined;
    const bytes = rest.subarray(0, end);
    rest = rest.subarray(end);
    if (started) return { type: String.fromCharCode(bytes[0] as number), bytes };
    const type = opening(bytes.readInt32BE(LENGTH_BYTES));
    started = type === 'startup';
    return { type, bytes };
  }

  return (data) => {
    rest = Buffer.concat([rest, data]);
    const messages: Message[] = [];
    for (let message = next(); message; message = next()) messages.push(message);
    return messages;
  };
}
