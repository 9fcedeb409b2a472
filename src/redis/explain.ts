import { type Explanation, explain, type Known, UNRESOLVED, UNTRUSTED } from '../lib/explanation.ts';

/** What an operator can mend, by the first word of Redis' refusals, Node's codes and the client's words. */
const KNOWN: readonly Known[] = [
  [
    /^(WRONGPASS|NOAUTH|ERR (invalid password|AUTH))/,
    'refuses the user or the password',
    'Correct them in REDIS_URL.',
  ],
  [
    /^NOPERM/,
    'does not let this user do what it must',
    'Allow it eval, get, incr, pexpire, publish and subscribe.',
  ],
  [
    UNTRUSTED,
    'has a certificate that is not trusted',
    'Name its authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem, or correct the host name in REDIS_URL.',
  ],
  [
    /before secure TLS connection|^(ERR_SSL|EPROTO)/,
    'speaks no TLS at that port',
    'Correct REDIS_URL: rediss:// is for TLS only.',
  ],
  [/^READONLY/, 'is a replica', 'Name the primary in REDIS_URL.'],
  [
    /^(CROSSSLOT|MOVED|CLUSTERDOWN)|unknown command/,
    'is a cluster or a sentinel, which are not supported',
    'Name one Redis server in REDIS_URL.',
  ],
  [UNRESOLVED, 'cannot be found', 'Correct the host name in REDIS_URL, or the resolver.'],
];

/** Why Redis cannot be used. Never undefined: what is not known counts as no answer. */
export const explainRedis = (error: unknown): Explanation =>
  explain(error, KNOWN) ?? {
    what: 'does not answer',
    code: (error as { code?: string } | undefined)?.code ?? 'no connection',
    mend: 'Start it, or correct REDIS_URL.',
  };
