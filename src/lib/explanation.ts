/** Why a configured service cannot be used, as text for operators. */
export interface Explanation {
  /** What it does or lacks: continues "The mail server …". Holds no address, password or SQL. */
  what: string;
  /** The code of the failure, for anyone who looks it up. */
  code: string;
  /** What to do, with the variable to look at. */
  mend: string;
}

export const sentenceOf = (service: string, { what, code, mend }: Explanation): string =>
  `${service} ${what} (${code}). ${mend}`;

/** A failure that a pattern recognises by its code or by its message. */
export type Known = readonly [pattern: RegExp, what: string, mend: string];

/**
 * What Node's TLS says of a certificate that it does not accept:
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
export const UNTRUSTED =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)|self-signed certificate|certificate has expired|unable to (get local issuer|verify the first) certificate|does not match certificate's altnames/;

/** No connection was made, or it was cut. */
export const UNREACHED =
  /^E(CONN|PIPE|HOST|NET|TIMEDOUT|SOCKET|NOENT)|timeout|timed out|connection (terminated|ended|is closed)/i;

/** The name of the host leads nowhere. */
export const UNRESOLVED = /^E(NOTFOUND|AI_|DNS)/;

/** The error and what caused it, the outermost first. */
export function causesOf(error: unknown): Error[] {
  const found: Error[] = [];
  for (let cause = error; cause instanceof Error && !found.includes(cause); cause = cause.cause)
    found.push(cause);
  return found;
}

/**
 * The first entry that an error, or what caused it, fits, by its code or its message. `messageOf`: the message as
 * far as it is the driver's own.
 */
export function explain(
  error: unknown,
  known: readonly Known[],
  messageOf = ({ message }: Error): string => message,
): Explanation | undefined {
  const causes = causesOf(error);
  for (const [pattern, what, mend] of known) {
    for (const cause of causes) {
      const { code } = cause as { code?: unknown };
      const found = (typeof code === 'string' && pattern.exec(code)) || pattern.exec(messageOf(cause));
      if (found) return { what, mend, code: typeof code === 'string' ? code : found[0] };
    }
  }
  return undefined;
}
