import { randomUUID } from 'node:crypto';
import type { TestClient } from '../test/support/clients.ts';
import { notApplicable } from './check.ts';
import { CALLBACK, type Metadata, type Target } from './target.ts';

/**
 * Publishes the document of a client whose ID is its URL. Ends the check when the server does not accept such clients.
 */
export function publishClient({ metadata, party }: Target, members: Metadata = {}): TestClient {
  if (metadata.client_id_metadata_document_supported !== true) return notApplicable('not announced');
  if (!party) return notApplicable('the server cannot reach the host of clients');
  const path = `/clients/${randomUUID()}.json`;
  const id = party.url + path;
  party.documents.set(path, {
    client_id: id,
    client_name: 'Conformance',
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: 'none',
    ...members,
  });
  return { id, secret: '', redirectUri: CALLBACK };
}
