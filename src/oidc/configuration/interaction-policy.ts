import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

/**
 * The library's prompts, with one difference: a first-party client that is native is not asked for consent at every
 * sign-in. Other native clients are, because anybody can claim their redirect URI (RFC 8252 §8.6).
 */
export function policy(): ReturnType<typeof interactionPolicy.base> {
  const prompts = interactionPolicy.base();
  const native = prompts.get('consent')?.checks.get('native_client_prompt');
  if (!native) throw new Error('the library has no native_client_prompt check any more');
  const original = native.check;
  native.check = (ctx: KoaContextWithOIDC) =>
    ctx.oidc.client?.first_party === true ? interactionPolicy.Check.NO_NEED_TO_PROMPT : original(ctx);
  return prompts;
}
