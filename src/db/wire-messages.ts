/** A message of PostgreSQL's wire protocol, whole. */
export interface Message {
  /** The letter of the message; of those without one what they are. */
  type: string;
  bytes: Uint8Array;
}

const LENGTH_BYTES = 4;
const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

/** What a connection begins with has no letter: the length, and a code or the protocol's version. */
function opening(code: number): string {
  if (code === SSL_REQUEST) return 'ssl';
  return code === CANCEL_REQUEST ? 'cancel' : 'startup';
}

/**
 * Cuts what comes over one connection into messages; the rest of an incomplete one is kept for the next call. Throws
 * for a length that no message has.
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
