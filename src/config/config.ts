import * as z from 'zod';
import { authorizationDetailsSchema } from './authorization-details.ts';
import { consentsSchema, textSchema } from './consents.ts';
import { mutualTlsSchema } from './mutual-tls.ts';
import { host, hostNameOrNetwork } from './network.ts';
import { securityTxtSchema } from './security-txt.ts';
import { timeZone } from './time-zone.ts';
import { upstreamSchema } from './upstream.ts';
import { postgresUrl, redisUrl, url } from './url.ts';

/** The largest `integer` of PostgreSQL. Timers of Node.js with more milliseconds end at once. */
const LARGEST = 2 ** 31 - 1;

/**
 * Every setting, one slice per consumer. Values come from `config/default.yaml`, then
 * `config/<environment>.yaml`, then the environment variables of `environment.ts`; `config/README.md` has
 * one line for each and a test keeps it complete. Durations are whole seconds unless the name says `Ms`.
 */
const count = z.int().positive().max(LARGEST);
const seconds = count;
const milliseconds = count;
/** Dates of more days would be beyond the timestamps of PostgreSQL. */
const days = count.max(36_500);
const base64 = z.base64();

/** The values of `target_session_attrs` with which the server cannot work. */
const READING: ReadonlySet<string> = new Set(['read-only', 'standby', 'prefer-standby']);

export const configSchema = z.strictObject({
  environment: z.enum(['development', 'test', 'production']),
  server: z.strictObject({
    host: z.string().min(1),
    port: z.int().min(0).max(65_535),
    issuer: url('http', 'https'),
    hosts: z.array(host),
    trustProxy: z.int().min(0),
    bodyBytes: count,
    headersTimeoutMs: milliseconds,
    requestTimeoutMs: milliseconds,
    keepAliveTimeoutMs: milliseconds,
    maxConnections: count,
    drainMs: milliseconds,
    timeZone,
    /** Never 0 after loading, when 0 has been replaced by the number of processors. */
    workers: z.int().min(1).max(256),
    hstsSubdomains: z.boolean(),
    /** Whether a development server may listen on addresses other than the loopback. */
    developmentPublic: z.boolean(),
  }),
  mutualTls: mutualTlsSchema,
  database: z.strictObject({
    url: postgresUrl(({ target }) =>
      target && READING.has(target)
        ? `target_session_attrs=${target} finds a server that takes no writes: use read-write or primary`
        : undefined,
    ).optional(),
    readUrl: postgresUrl().optional(),
    readMaxLagMs: milliseconds,
    pooler: z.enum(['none', 'transaction']),
    dataDir: z.string().min(1),
    poolSize: count,
    recordPoolSize: count,
    acquireTimeoutMs: milliseconds,
    statementTimeoutMs: milliseconds,
    lockTimeoutMs: milliseconds,
    migrateAtStart: z.boolean(),
  }),
  redis: z.strictObject({ url: redisUrl.optional(), commandTimeoutMs: milliseconds }),
  secrets: z.strictObject({ keys: z.array(z.instanceof(Uint8Array)).min(1) }),
  log: z.strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) }),
  metrics: z.strictObject({
    token: z.string().optional(),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).optional(),
  }),
  tracing: z.strictObject({ trustParent: z.boolean() }),
  passwords: z.strictObject({
    policy: z.enum(['standard', 'legacy']),
    breached: z.enum(['allow', 'refuse']),
    breachedUrl: url('http', 'https'),
    memoryKiB: count,
    passes: count,
    parallelism: count,
    maxConcurrent: z.int().min(0),
    maxQueued: z.int().min(0),
    maxWaitMs: milliseconds,
  }),
  attempts: z.strictObject({
    perAccount: count,
    windowSeconds: seconds,
    perAddress: count,
    addressWindowSeconds: seconds,
    beginningsPerAddress: count,
    inTotal: count,
    totalWindowSeconds: seconds,
    // must not exceed the time for which the sweep keeps devices
    knownDeviceDays: count.max(90),
  }),
  tokens: z.strictObject({
    authorizationCode: seconds,
    accessToken: seconds,
    passwordAccessToken: seconds,
    selfServiceToken: seconds,
    key: seconds,
    jwtAccessToken: seconds,
    clientCredentials: seconds,
    idToken: seconds,
    deviceCode: seconds,
    refreshIdle: seconds,
    refreshAbsolute: seconds,
    refreshRepeat: seconds,
    interaction: seconds,
    sessionIdle: seconds,
    sessionAbsolute: seconds,
  }),
  resources: z.array(
    z.strictObject({
      identifier: z.url(),
      scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).min(1),
      tokens: z.enum(['jwt', 'opaque']),
    }),
  ),
  authorizationDetails: authorizationDetailsSchema,
  clientDocuments: z.strictObject({
    enabled: z.boolean(),
    hosts: z.array(z.string().regex(/^(\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*)$/)),
    fetchesPerHour: count,
  }),
  ciba: z.strictObject({
    enabled: z.boolean(),
    lifetime: seconds,
    longest: seconds.max(3600),
    interval: seconds.max(60),
    clientPerMinute: count,
    personPerHour: count,
  }),
  introspection: z.strictObject({ signedResponses: z.boolean() }),
  /** Not the roles of operators, which are fixed. */
  roles: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9._:-]{0,49}$/))
    .max(100)
    .refine((names) => new Set(names).size === names.length, 'must name each role once'),
  signingKeys: z.strictObject({
    rotateDays: days,
    announceSeconds: seconds,
    retainSeconds: seconds,
  }),
  keysApi: z.strictObject({ alwaysOk: z.boolean() }),
  oneTimeCodes: z.strictObject({
    lifetime: seconds,
    resendAfter: seconds,
    triesPerCode: count,
    answersPerCode: count,
    wrongPerHour: count,
    sendsPerHour: count,
    sendsPerDay: count,
    keptForOthers: z.int().min(0),
    addressPerHour: count,
    clientPerHour: count,
    prefixPerHour: count,
    globalPerHour: count,
    countries: z.array(z.string().regex(/^[A-Z]{2}$/, 'must be a code of ISO 3166-1, such as TH')).min(1),
    conversionSends: count,
    conversionLeast: z.number().min(0).max(1),
    originBound: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i)
      .optional(),
  }),
  registration: z.strictObject({
    nationalId: z.enum(['required', 'optional', 'off']),
    required: z.array(z.enum(['mobile', 'name', 'nationalId', 'birthDate'])),
  }),
  upstream: upstreamSchema,
  emailCode: z.strictObject({ signIn: z.boolean() }),
  secondFactor: z.strictObject({
    policy: z.enum(['optional', 'required', 'off']),
    rememberDays: z.int().min(0).max(365),
    passwordGrant: z.enum(['refuse', 'allow']),
    recoveryDelayHours: z.int().min(0).max(8760),
  }),
  passkeys: z.strictObject({
    rpId: z
      .string()
      .regex(/^[a-z0-9.-]+$/)
      .optional(),
    relatedOrigins: z.array(
      z.string().regex(/^(https:\/\/[a-z0-9.-]+(:\d{1,5})?|android:apk-key-hash:[\w-]{43})$/),
    ),
    offer: z.boolean(),
    withoutPassword: z.boolean(),
  }),
  console: z.strictObject({
    host: host.regex(/^[a-z0-9.-]+(:\d{1,5})?$/).optional(),
    secondFactor: z.enum(['required', 'optional']),
  }),
  forgotPassword: z.strictObject({ revealMobile: z.boolean() }),
  partners: z.strictObject({
    searchesPerMinute: count,
    searchesPerDay: count,
    verifyDeprecated: z.iso.datetime(),
    verifySunset: z.iso.datetime(),
    needConsent: z.boolean(),
  }),
  consents: consentsSchema,
  retention: z.strictObject({
    /** 0 keeps all accounts. */
    inactiveDays: z.int().min(0).max(36_500),
    noticeDays: count.max(365),
  }),
  bots: z.strictObject({
    provider: z.enum(['turnstile', 'hcaptcha']).optional(),
    siteKey: z
      .string()
      .regex(/^[\w.-]{1,200}$/)
      .optional(),
    secret: z.string().min(1).optional(),
    verifyUrl: url('http', 'https').optional(),
  }),
  selfService: z.strictObject({
    topics: z.array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,49}$/)),
    emailNeedsPassword: z.boolean(),
  }),
  messages: z.strictObject({
    smtpUrl: url('smtp', 'smtps').optional(),
    smsUrl: url('http', 'https').optional(),
    smsMethod: z.enum(['GET', 'POST', 'PUT']),
    smsHeaders: z.record(z.string(), z.string()),
    smsBody: z.string(),
    from: z.string().min(3),
    outbox: z.boolean(),
    pollMs: milliseconds,
    timeoutMs: milliseconds,
    maxAttempts: count,
    perAddressHour: count,
    perAddressDay: count,
    newSignIn: z.boolean(),
  }),
  securityTxt: securityTxtSchema,
  outbound: z.strictObject({ allow: z.array(hostNameOrNetwork), timeoutMs: milliseconds, maxBytes: count }),
  pages: z.strictObject({
    folder: z.string().min(1).optional(),
    productName: z.object({ th: z.string().min(1), en: z.string().min(1) }).catchall(z.string().min(1)),
    logoUri: z.url({ protocol: /^https$/ }).optional(),
    accentColour: z.string().regex(/^#[0-9a-f]{6}$/i),
    cornerRadius: z.int().min(0).max(24),
    fontFamily: z
      .string()
      .regex(/^[\p{L}\d ,'"-]{1,200}$/u)
      .optional(),
    supportUri: z.url({ protocol: /^https?$/ }).optional(),
    terms: textSchema.optional(),
    privacy: textSchema.optional(),
  }),
  facebook: z.strictObject({
    appId: z.string().optional(),
    appSecret: z.string().optional(),
    graphUrl: url('http', 'https'),
  }),
  firebase: z.strictObject({
    signerKey: base64.optional(),
    saltSeparator: base64,
    rounds: z.int().min(1).max(8),
    memoryCost: z.int().min(1).max(14),
  }),
  jobs: z.strictObject({
    sweepMs: milliseconds,
    sweepBatch: count,
    auditDays: days,
    invalidationMs: milliseconds,
    accessesMs: milliseconds,
    refusedMs: milliseconds,
    refusedPerMinute: count,
  }),
});

export type Config = z.infer<typeof configSchema>;
