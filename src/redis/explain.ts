import { type Explanation, explain, type Known, UNRESOLVED, UNTRUSTED } from '../lib/explanation.ts';

/** The problems that an operator can fix, by the error codes of Redis and Node and the messages of the client. */
const KNOWN: readonly Known[] = [
  [
    /^(WRONGPASS|NOAUTH|ERR (invalid password|AUTH))/,
    'rejects the user or the password',
    'Correct the credentials in REDIS_URL.',
  ],
  [
    /^NOPERM/,
    'denies this user a required command',
    'Grant it eval, get, incr, pexpire, publish and subscribe.',
  ],
  [
    UNTRUSTED,
    'has an untrusted certificate',
    'Add its certificate authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem, or correct the host name in REDIS_URL.',
  ],
  [
    /before secure TLS connection|^(ERR_SSL|EPROTO)/,
    'does not support TLS on that port',
    'Correct REDIS_URL: rediss:// is for TLS only.',
  ],
  [/^READONLY/, 'is a replica', 'Name the primary in REDIS_URL, or its sentinels.'],
  [/^(CROSSSLOT|MOVED)/, 'is a cluster', 'Use redis+cluster://host:6379,host:6379 in REDIS_URL.'],
  [/^CLUSTERDOWN/, 'is a cluster that lacks nodes', 'Start its nodes: redis-cli cluster info.'],
  [/cluster support disabled/, 'is not a cluster', 'Use redis:// in REDIS_URL.'],
  [/unknown command/, 'is a sentinel', 'Use redis+sentinel://host:26379,host:26379/name in REDIS_URL.'],
  [
    /sentinels are unreachable/,
    'has no sentinel that knows the primary of this name',
    'Correct the sentinels and the name in REDIS_URL: redis-cli -p 26379 sentinel masters.',
  ],
  [UNRESOLVED, 'has an unknown host name', 'Correct the host name in REDIS_URL, or fix name resolution.'],
];

/** Explains why Redis cannot be used. Never undefined: an unknown error counts as no response. */
export const explainRedis = (error: unknown): Explanation =>
  explain(error, KNOWN) ?? {
    what: 'does not respond',
    code: (error as { code?: string } | undefined)?.code ?? 'no connection',
    mend: 'Start it, or correct REDIS_URL.',
  };
