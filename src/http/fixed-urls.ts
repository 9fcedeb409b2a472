import type Koa from 'koa';

/**
 * Derives the URLs of an application from the issuer alone. Koa derives them from `Host`, from an absolute request
 * target and, for `origin`, from the `Origin` header of the caller. `request` is the `request` of one application
 * (oidc-provider's `Provider` is one too). Other applications are not changed.
 */
export function fixUrls(request: Koa.BaseRequest, issuer: string): void {
  const { origin, protocol, host, hostname } = new URL(issuer);
  const fixed = <T>(value: T): PropertyDescriptor => ({ get: () => value, configurable: true });
  // A target without a leading slash (`*`, or a whole URL) must not be appended to the host name.
  const hrefOf = ({ originalUrl }: Koa.Request) =>
    `${origin}${originalUrl.startsWith('/') ? originalUrl : '/'}`;

  Object.defineProperties(request, {
    origin: fixed(origin),
    protocol: fixed(protocol.slice(0, -1)),
    secure: fixed(protocol === 'https:'),
    host: fixed(host),
    hostname: fixed(hostname),
    href: {
      configurable: true,
      get(this: Koa.Request) {
        return hrefOf(this);
      },
    },
    URL: {
      configurable: true,
      get(this: Koa.Request) {
        return new URL(hrefOf(this));
      },
    },
  });
}
