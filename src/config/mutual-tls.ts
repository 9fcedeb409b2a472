import * as z from 'zod';
import { host, network } from './network.ts';

/** Client certificates (RFC 8705), which a TLS-terminating proxy passes on in a header. */
export const mutualTlsSchema = z.strictObject({
  header: z.enum(['off', 'nginx', 'envoy']),
  /** The proxies whose header is trusted. */
  proxies: z.array(network),
  /** Envoy's header does not indicate whether a certificate was verified. */
  envoyVerifies: z.boolean(),
  /** The host for requests with certificates, if it is not the host of the issuer. */
  host: host.regex(/^[a-z0-9.-]+(:\d{1,5})?$/).optional(),
});

interface Settings {
  mutualTls: z.infer<typeof mutualTlsSchema>;
  server: { issuer: string; trustProxy: number };
}

/** Returns the problems of settings that are valid individually but wrong in combination. */
export function mutualTlsProblems({ mutualTls, server }: Settings): string[] {
  if (mutualTls?.header === undefined || mutualTls.header === 'off') {
    return mutualTls?.host === undefined ? [] : ['mutualTls.host: needs mutualTls.header'];
  }
  const problems: string[] = [];
  if (!(mutualTls.proxies?.length > 0))
    problems.push('mutualTls.proxies: name the proxies whose certificate header is trusted');
  if (server.trustProxy === 0) problems.push('TRUST_PROXY: client certificates need a trusted proxy');
  if (mutualTls.envoyVerifies && mutualTls.header !== 'envoy')
    problems.push('mutualTls.envoyVerifies: is for the header of Envoy; nginx says itself what it verified');
  return problems;
}

/** Whether clients can use certificates in this deployment. */
export const hasMutualTls = ({ mutualTls }: Pick<Settings, 'mutualTls'>): boolean =>
  mutualTls.header !== 'off';

/** Returns the origin of the endpoints for clients with certificates, or undefined when it is the issuer. */
export function mutualTlsOrigin({ server, mutualTls: { host } }: Settings): string | undefined {
  return host === undefined ? undefined : `${new URL(server.issuer).protocol}//${host}`;
}
