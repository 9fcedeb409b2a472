import Koa, { type Middleware } from 'koa';
import type { Domain } from '../../src/compose/domain.ts';
import { errorPresenter } from '../../src/compose/error-presenter.ts';
import { errorBoundary } from '../../src/http/errors.ts';
import { fixUrls } from '../../src/http/fixed-urls.ts';
import { type FormGuard, formGuard } from '../../src/http/form-guard.ts';
import { requestId } from '../../src/http/request-id.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { assets } from '../../src/pages/kit/assets.ts';
import { pageRenderer } from '../../src/pages/kit/render.ts';
import { show as createShow, type Show } from '../../src/pages/kit/show.ts';
import { type ReadSubmitted, readSubmitted } from '../../src/pages/kit/submitted.ts';
import { serve, silent } from '../http/serve.ts';
import { testConfig } from '../support/config.ts';

/** Serves pages with only the middleware that every page needs. Returns their URL. */
export async function servePages(
  domain: Pick<Domain, 'keyring'>,
  pagesOf: (around: { guard: FormGuard; show: Show; submitted: ReadSubmitted }) => Middleware,
): Promise<string> {
  const { issuer, bodyBytes } = (await testConfig()).server;
  const pages = { productName: { th: 'ประตู', en: 'Pratu' }, accentColour: '#0b5d57', cornerRadius: 10 };
  const show = createShow(
    pageRenderer({ pages, assets: assets({ pages }), logoPath: (uri) => `/logos/${uri}` }),
  );
  const guard = formGuard({ keys: domain.keyring.derive('forms'), issuer, development: true });
  const app = new Koa();
  fixUrls(app.request, issuer);
  app.use(requestId()).use(securityHeaders({ issuer, hstsSubdomains: true }));
  app.use(errorBoundary({ log: silent, present: errorPresenter(show) }));
  app.use(pagesOf({ guard, show, submitted: readSubmitted({ guard, bodyBytes }) }));
  const { port } = await serve(app);
  return `http://127.0.0.1:${port}`;
}
