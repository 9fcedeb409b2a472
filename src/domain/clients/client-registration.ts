import type { ClientMetadata, SecretKind } from './client.ts';
import type { Effects } from './clients.ts';

/** Generated secrets, which are shown once. */
export type Secrets = Partial<Record<SecretKind, string>>;

/** Registrations under the rules of the protocol. Throws `INVALID_CLIENT_METADATA` with the member that is wrong. */
export interface ClientRegistration {
  create(given: Partial<ClientMetadata>): Promise<{ metadata: ClientMetadata; secrets: Secrets }>;
  edit(edit: {
    id: string;
    patch: Record<string, unknown>;
    check: (before: ClientMetadata) => void;
    dryRun: boolean;
  }): Promise<{ metadata: ClientMetadata; effects: Effects; secrets: Secrets }>;
}
