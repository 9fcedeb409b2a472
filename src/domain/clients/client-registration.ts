import type { ClientMetadata, SecretKind } from './client.ts';
import type { Effects } from './clients.ts';

/** Generated secrets, which are displayed once. */
export type Secrets = Partial<Record<SecretKind, string>>;

/** Client registration by the rules of the protocol. Throws `INVALID_CLIENT_METADATA`, naming the invalid member. */
export interface ClientRegistration {
  create(given: Partial<ClientMetadata>): Promise<{ metadata: ClientMetadata; secrets: Secrets }>;
  edit(edit: {
    id: string;
    patch: Record<string, unknown>;
    check: (before: ClientMetadata) => void;
    dryRun: boolean;
  }): Promise<{ metadata: ClientMetadata; effects: Effects; secrets: Secrets }>;
}
