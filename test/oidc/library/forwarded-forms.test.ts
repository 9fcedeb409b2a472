import { expect } from 'chai';
import { forwardedForm } from '../../../src/oidc/library/forwarded-forms.ts';

/** oidc-provider's own file, which no module exports. */
const FORM_POST = new URL(
  '../../../node_modules/oidc-provider/lib/response_modes/form_post.js',
  import.meta.url,
).href;

describe('a form of the library that sends itself', () => {
  it('is read as it was meant, whatever its values are', async () => {
    const { default: formPost } = (await import(FORM_POST)) as {
      default: (ctx: object, action: string, fields: Record<string, string>) => void;
    };
    const headers = { get: () => '', set: () => {} };
    const ctx = { status: 200, type: '', body: '', response: headers, res: {}, ...headers };
    const fields = { state: `"/>\n<input type="hidden" name="x" value="y"/>&amp;'<b>`, code: 'ก$&' };
    formPost(ctx, 'https://client.example/cb?a=1&b="2', fields);
    expect(forwardedForm(ctx.body)).to.deep.equal({
      action: 'https://client.example/cb?a=1&b="2',
      fields: Object.entries(fields),
    });
  });

  it('is not recognised in our own pages, in JSON and in an empty body', () => {
    for (const body of ['<!doctype html>\n<form method="post" action="/x">', '{}', { a: 1 }, undefined])
      expect(forwardedForm(body)).to.equal(undefined);
  });
});
