/** A credential in Keycloak's export. Both members are JSON text. */
interface KeycloakCredential {
  secretData?: unknown;
  credentialData?: unknown;
}

type Members = Record<string, unknown>;

function objectOf(text: unknown): Members {
  try {
    const parsed: unknown = typeof text === 'string' ? JSON.parse(text) : text;
    return typeof parsed === 'object' && parsed !== null ? (parsed as Members) : {};
  } catch {
    return {};
  }
}

const unpadded = (base64: unknown): string => String(base64 ?? '').replace(/=+$/, '');

/** Keycloak stores every additional parameter as a list of strings. */
const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

/** `1.3` and `1.0` of Keycloak are versions 0x13 and 0x10 of RFC 9106. */
const ARGON2_VERSIONS: Readonly<Record<string, number>> = { '1.3': 19, '1.0': 16 };

/** A credential of Keycloak as a PHC string: `pbkdf2-sha512`, `pbkdf2-sha256`, `pbkdf2` (SHA-1) or `argon2`. */
function phcOfKeycloak({ secretData, credentialData }: KeycloakCredential): string {
  const { value, salt } = objectOf(secretData);
  const { algorithm, hashIterations, additionalParameters } = objectOf(credentialData);
  const tail = `${unpadded(salt)}$${unpadded(value)}`;
  if (algorithm !== 'argon2') return `$${algorithm}$i=${hashIterations}$${tail}`;
  const { type, version, memory, parallelism } = objectOf(additionalParameters);
  const v = ARGON2_VERSIONS[String(first(version))];
  return `$argon2${first(type)}$v=${v}$m=${first(memory)},t=${hashIterations},p=${first(parallelism)}$${tail}`;
}

/**
 * Converts an imported hash to its stored form. Keycloak's credential, a JSON object with `secretData` and
 * `credentialData`, becomes a PHC string. Django's name before a hash with its own prefix (`argon2$argon2id$…`,
 * `bcrypt$$2b$…`) is removed. Other texts are unchanged; the formats decide whether they are readable.
 */
export function importedText(text: string): string {
  if (text.startsWith('{')) return phcOfKeycloak(objectOf(text));
  return text.replace(/^argon2\$(?=argon2)/, '$').replace(/^bcrypt\$(?=\$2)/, '');
}
