/** The reason why a configured service cannot be used, as text for operators. */
export interface Explanation {
  /** The problem, as the continuation of "The mail server …". Contains no address, password or SQL. */
  what: string;
  /** The code of the failure, for searches. */
  code: string;
  /** The remedy, with the name of the variable to check. */
  mend: string;
}

export const sentenceOf = (service: string, { what, code, mend }: Explanation): string =>
  `${service} ${what} (${code}). ${mend}`;

/** A known failure, recognised by a pattern of its code or message. */
export type Known = readonly [pattern: RegExp, what: string, mend: string];

/**
 * The errors of Node's TLS for a certificate that it does not accept:
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
export const UNTRUSTED =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)|self-signed certificate|certificate has expired|unable to (get local issuer|verify the first) certificate|does not match certificate's altnames/;

/** No connection was established, or it was interrupted. */
export const UNREACHED =
  /^E(CONN|PIPE|HOST|NET|TIMEDOUT|SOCKET|NOENT)|timeout|timed out|connection (terminated|ended|is closed)/i;

/** The host name cannot be resolved. */
export const UNRESOLVED = /^E(NOTFOUND|AI_|DNS)/;

/** The error and its causes, the outermost first. */
export function causesOf(error: unknown): Error[] {
  const found: Error[] = [];
  for (let cause = error; cause instanceof Error && !found.includes(cause); cause = cause.cause)
    found.push(cause);
  return found;
}

/**
 * The first entry that matches the code or message of an error or of one of its causes. `messageOf` returns the
 * driver's own part of a message.
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
