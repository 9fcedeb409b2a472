import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { OidcPages } from '../edge/pages.ts';

/** A form that a browser submits automatically: an answer to a client, or the next step of a sign-in or a logout. */
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

/** The form of a page that the library made itself; it escapes values, so no quote or bracket in one is its own. */
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

/** The languages that the client asked for, in this request or in the one that a sign-in began with. */
function uiLocalesOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const { ui_locales: asked } = oidc?.entities.Interaction?.params ?? oidc?.params ?? {};
  return typeof asked === 'string' ? asked : undefined;
}

/**
 * Shows the library's pages that send themselves as ours. It makes them for `response_mode=form_post` and, without
 * asking, for a sign-in as someone else, a logout of nobody and a device's whole address; there is no hook for any
 * of them.
 */
export function forwardedForms(pages: Pick<OidcPages, 'forward'>): Middleware {
  return async (ctx, next) => {
    await next();
    const form = forwardedForm(ctx.body);
    if (form)
      pages.forward(asOidc(ctx), { ...form, status: ctx.status, uiLocales: uiLocalesOf(asOidc(ctx)) });
  };
}
