import { CATALOGUE, type Failure } from '../src/errors/catalogue.ts';

const row = ([code, { status, error, en, th }]: [string, Failure]): string =>
  `| \`${code}\` | ${status} | \`${error}\` | ${en} | ${th} |`;

/** `docs/errors.md`: every intended failure, by status and code. */
export function errorsPage(): string {
  const failures = Object.entries<Failure>(CATALOGUE).sort(
    ([code, one], [otherCode, other]) => one.status - other.status || (code < otherCode ? -1 : 1),
  );
  return `# Errors

Every failure that is meant to happen. Made by \`npm run docs\` from \`src/errors/catalogue.ts\`; do not edit.

Programs get \`error\` and \`error_description\` (RFC 6749 §5.2), people a page in their language. A 429 or a 503 carries
\`Retry-After\` in seconds. Every answer has an \`X-Request-Id\`, which is in the log line too. What oidc-provider
refuses on its own has the \`error\` words of its RFCs and is not listed here.

| code | status | \`error\` | English | Thai |
|---|---|---|---|---|
${failures.map(row).join('\n')}
`;
}
