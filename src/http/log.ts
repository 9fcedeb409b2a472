import pino, { type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import { describeError } from './described-error.ts';

/** The members that may contain input of a caller or a secret, in lower case without `_` and `-`. */
const SECRET = new Set(
  `accesstoken apikey assertion authorization bindings body clientsecret code cookie cookies email formcookie
  header headers idtoken key login mobile nationalid params password phone query querystring refreshtoken req
  request res response secret sql state token url username`.split(/\s+/),
);
const DEEPEST = 4;

/** Removes members that must not be logged. pino's own redaction costs ten times as much as the rest of the line. */
function withoutSecrets(line: object, depth = 0): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(line)) {
    if (SECRET.has(name.toLowerCase().replace(/[_-]/g, ''))) continue;
    if (value instanceof Error || name === 'err') kept[name] = describeError(value);
    else if (typeof value !== 'object' || value === null) kept[name] = value;
    else if (depth < DEEPEST)
      kept[name] = Array.isArray(value) ? value.length : withoutSecrets(value, depth + 1);
  }
  return kept;
}

/**
 * Creates a logger of JSON lines. Omits members that have the name of a header, query, body or secret. Writes arrays as
 * their length, and errors as `describeError` returns them. The members of a `child` are not checked: pass constants
 * only.
 */
export function logger({ level }: { level: LevelWithSilent }, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (line) => withoutSecrets(line),
      },
      // Already described; pino's own serializer would add the stack with its message.
      serializers: { err: (described: unknown) => described },
      hooks: {
        logMethod(args, method) {
          const [line, ...rest] = args as [unknown, ...unknown[]];
          const error = line instanceof Error ? line : (line as { err?: unknown } | undefined)?.err;
          // By default, pino uses the message of the error as that of the line.
          if (error instanceof Error && rest.length === 0)
            return method.call(this, { err: error }, 'failure');
          return method.apply(this, args);
        },
      },
    },
    destination,
  );
}
