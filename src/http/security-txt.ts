import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { SecurityTxtSettings } from '../config/security-txt.ts';

const PATH = '/.well-known/security.txt';
const CACHED = 'public, max-age=3600';

/** Returns the file of RFC 9116 §2 for a server, with one field per line; undefined without a contact. */
export function securityTxt(issuer: string, settings: SecurityTxtSettings): string | undefined {
  const { contacts, expires, policy, acknowledgments, encryption, languages } = settings;
  if (contacts.length === 0) return undefined;
  const fields: [name: string, value: string | undefined][] = [
    ...contacts.map((contact): [string, string] => ['Contact', contact]),
    ['Expires', expires],
    ['Encryption', encryption],
    ['Acknowledgments', acknowledgments],
    ['Preferred-Languages', languages.length > 0 ? languages.join(', ') : undefined],
    ['Canonical', issuer + PATH],
    ['Policy', policy],
  ];
  return fields
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/**
 * Serves `/.well-known/security.txt`: how to report a vulnerability (RFC 9116). Not found unless a contact is
 * configured.
 */
export function securityTxtRoute(deps: { issuer: string; settings: SecurityTxtSettings }): Middleware {
  const text = securityTxt(deps.issuer, deps.settings);
  const router = new Router({ strict: true, sensitive: true });
  router.get(PATH, (ctx, next) => {
    if (text === undefined) return next();
    ctx.set('Cache-Control', CACHED);
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = text;
  });
  return router.routes() as unknown as Middleware;
}
