import { X509Certificate } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { networkMatcher } from '../lib/addresses.ts';
import { sha256 } from '../lib/sha256.ts';

/** The certificate that the caller presented to the proxy in the TLS handshake. */
export interface ClientCertificate {
  certificate: X509Certificate;
  /** Whether the proxy verified the certificate against an authority that it trusts. */
  isVerified: boolean;
}

export interface ClientCertificateSettings {
  header: 'off' | 'nginx' | 'envoy';
  /** Networks of the proxies. */
  proxies: readonly string[];
  /** Whether Envoy forwards only certificates that it has verified. */
  envoyVerifies: boolean;
}

/** nginx: `$ssl_client_escaped_cert` and `$ssl_client_verify`. */
const NGINX = { certificate: 'x-ssl-client-cert', verify: 'x-ssl-client-verify' } as const;
/** Envoy, with `cert: true` in `set_current_client_cert_details`. */
const ENVOY = 'x-forwarded-client-cert';

const ALL = [NGINX.certificate, NGINX.verify, ENVOY];

/** Parses a percent-encoded PEM certificate. Returns undefined for anything else. */
function certificateIn(encoded: string | undefined): X509Certificate | undefined {
  if (!encoded) return undefined;
  try {
    return new X509Certificate(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}

/** A key and value of an element: `Hash=…`, or `Cert="…"` with a quoted value. */
const PAIR = /([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^;,"]*))(;|,|$)/y;

/**
 * Returns the certificate in an `X-Forwarded-Client-Cert` header; undefined unless the header has exactly one element.
 * More elements mean that an unknown proxy wrote some, and that Envoy is not configured to replace the header
 * (`SANITIZE_SET`).
 */
function ofEnvoy(value: string): string | undefined {
  PAIR.lastIndex = 0;
  let found: string | undefined;
  while (PAIR.lastIndex < value.length) {
    const [, name = '', quoted, plain, end] = PAIR.exec(value) ?? [];
    if (end === undefined || end === ',') return undefined;
    if (name.toLowerCase() === 'cert') {
      if (found !== undefined) return undefined;
      found = quoted ?? plain;
    }
    if (end === '') break;
  }
  return found;
}

function read(ctx: Context, { header, envoyVerifies }: ClientCertificateSettings) {
  const one = (name: string): string | undefined => {
    const [value, ...others] = ctx.req.headersDistinct[name] ?? [];
    return others.length > 0 ? undefined : value;
  };
  if (header === 'nginx') {
    const certificate = certificateIn(one(NGINX.certificate));
    return certificate && { certificate, isVerified: one(NGINX.verify) === 'SUCCESS' };
  }
  const certificate = certificateIn(ofEnvoy(one(ENVOY) ?? ''));
  return certificate && { certificate, isVerified: envoyVerifies };
}

/**
 * Stores the certificate that a trusted proxy forwards, in `ctx.state.clientCertificate`. Removes the headers from
 * every request. Headers from other callers have no effect.
 */
export function clientCertificates(settings: ClientCertificateSettings): Middleware {
  const isProxy = settings.header === 'off' ? () => false : networkMatcher(settings.proxies);
  return (ctx, next) => {
    if (ALL.some((name) => name in ctx.req.headers)) {
      if (isProxy(ctx.req.socket.remoteAddress ?? '')) {
        const shown = read(ctx, settings);
        if (shown) ctx.state.clientCertificate = shown;
      }
      for (const name of ALL) {
        delete ctx.req.headers[name];
        delete ctx.req.headersDistinct[name];
      }
    }
    return next();
  };
}

/** `x5t#S256` of the caller's certificate (RFC 8705 §3.1); undefined without one. */
export const callersThumbprint = (ctx: Context): string | undefined => {
  const { certificate } = ctx.state.clientCertificate ?? {};
  return certificate && sha256(certificate.raw).toString('base64url');
};
