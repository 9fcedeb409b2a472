import { offeredMethods } from '../../domain/sign-in/methods.ts';
import { createProvider } from '../../oidc/provider.ts';
import { KNOWN_SCOPES, scopesOf } from '../../oidc/scopes/scopes.ts';
import type { CommandContext } from './command-context.ts';
import { CommandError } from './failure.ts';

type Provider = Awaited<ReturnType<typeof createProvider>>;

const unused = (): never => {
  throw new Error('the command serves no request');
};

/**
 * oidc-provider as the server configures it, for what needs its rules outside of a request: the schema of client
 * metadata, and tokens that the operator gives out. It serves nothing.
 */
export async function clientProvider({ config, domain, clock }: CommandContext): Promise<Provider> {
  await domain.signingKeys.ensure();
  return createProvider({
    passwordAuthenticator: domain.passwordAuthenticator,
    mobileChecks: domain.mobileChecks,
    clientCache: domain.clientCache,
    records: domain.records,
    digest: domain.digest,
    query: domain.query,
    signingKeys: domain.signingKeys,
    consents: domain.consents,
    accounts: domain.accounts,
    clients: domain.clients,
    issuer: config.server.issuer,
    clock,
    methods: offeredMethods(domain.channels),
    tokens: config.tokens,
    resources: config.resources,
    cookieKeys: domain.keyring.derive('cookies'),
    pages: {
      logout: unused,
      signedOut: unused,
      deviceInput: unused,
      deviceConfirm: unused,
      deviceDone: unused,
      forward: unused,
      error: unused,
    },
    pairwiseSubject: unused,
    findAccount: unused,
    fetch: unused,
    originOf: unused,
    repeatSeconds: config.tokens.refreshRepeat,
    onRepeat: unused,
    queueLogout: unused,
  });
}

/** What to do about what the library says, by a part of its words. */
const HINTS = [
  ['must only contain web uris', ' For a custom scheme, register a native app with --native.'],
] as const;

/** The library says only that one of them is wrong. */
function checkScope(scope: unknown): void {
  if (typeof scope !== 'string') return;
  const unknown = scopesOf(scope).filter((one) => !KNOWN_SCOPES.has(one));
  if (unknown.length === 0) return;
  throw new CommandError(
    `The client's metadata is not valid: unknown scope ${unknown.join(', ')}. Known scopes: ${[...KNOWN_SCOPES].join(', ')}.`,
  );
}

/** Throws, in the library's words, what is wrong with a client's registration, its secret included. */
export function checkMetadata(provider: Provider, metadata: Record<string, unknown>): void {
  checkScope(metadata.scope);
  let known: Record<string, unknown>;
  try {
    // the library's types leave the constructor out
    const Client = provider.Client as unknown as new (
      metadata: object,
    ) => {
      metadata(): Record<string, unknown>;
    };
    known = new Client(metadata).metadata();
  } catch (error) {
    const { error_description: words } = error as { error_description?: string };
    if (words === undefined) throw error;
    const hint = HINTS.find(([part]) => words.includes(part))?.[1] ?? '';
    throw new CommandError(`The client's metadata is not valid: ${words}.${hint}`);
  }
  const strange = Object.keys(metadata).filter((member) => !(member in known));
  if (strange.length > 0) {
    throw new CommandError(`The client's metadata has unknown members: ${strange.join(', ')}.`);
  }
}
