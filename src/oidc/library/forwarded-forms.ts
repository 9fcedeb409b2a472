import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { OidcPages } from '../edge/pages.ts';

/** A form that a browser submits automatically: a response to a client, or the next step of a sign-in or a logout. */
export interface ForwardedForm {
  action: string;
  fields: [name: string, value: string][];
}

const FORM = /^<!DOCTYPE html>\n<html>[\s\S]*<form method="post" action="([^"]*)">/;
const FIELD = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g;
const CHARACTERS: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

const unescaped = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (character) => CHARACTERS[character] ?? character);

/**
 * Returns the form of a page that the library generated; undefined for any other body. The library escapes values, so a
 * quote or bracket never belongs to one.
 */
export function forwardedForm(page: unknown): ForwardedForm | undefined {
  const [, action] = (typeof page === 'string' && FORM.exec(page)) || [];
  if (action === undefined) return undefined;
  const fields = [...String(page).matchAll(FIELD)].map(([, name = '', value = '']): [string, string] => [
    name,
    unescaped(value),
  ]);
  return { action: unescaped(action), fields };
}

const asOidc = (ctx: Context): KoaContextWithOIDC => ctx as unknown as KoaContextWithOIDC;

/** Returns the languages that the client requested, in this request or in the one that a sign-in began with. */
function uiLocalesOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const { ui_locales: asked } = oidc?.entities.Interaction?.params ?? oidc?.params ?? {};
  return typeof asked === 'string' ? asked : undefined;
}

/**
 * Renders the library's auto-submitting pages as Pratu's own. The library generates them for `response_mode=form_post`.
 * It also does so, without confirmation, for a sign-in with another account, a logout without a session, and a device's
 * complete verification URI. It has no hook for any of them.
 */
export function forwardedForms(pages: Pick<OidcPages, 'forward'>): Middleware {
  return async (ctx, next) => {
    await next();
    const form = forwardedForm(ctx.body);
    if (form)
      pages.forward(asOidc(ctx), { ...form, status: ctx.status, uiLocales: uiLocalesOf(asOidc(ctx)) });
  };
}
