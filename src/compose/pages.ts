import type { Context } from 'koa';
import compose from 'koa-compose';
import { leastCharacters } from '../domain/credentials/password-policy.ts';
import { logos } from '../domain/logos/logos.ts';
import { formGuard } from '../http/form-guard.ts';
import { lazy } from '../lib/lazy.ts';
import { accountContexts } from '../pages/account/account-context.ts';
import { galleryPages } from '../pages/developer/gallery.ts';
import { outboxPage } from '../pages/developer/outbox.ts';
import { referencePages } from '../pages/developer/reference.ts';
import { assets as readAssets } from '../pages/kit/assets.ts';
import { botCheck } from '../pages/kit/bot-check.ts';
import { once } from '../pages/kit/idempotent-form.ts';
import { knowing } from '../pages/kit/known-person.ts';
import { logoImages, logoPath } from '../pages/kit/logos.ts';
import { newAuthenticators } from '../pages/kit/new-authenticator.ts';
import { pageRenderer } from '../pages/kit/render.ts';
import { show as createShow } from '../pages/kit/show.ts';
import { readSubmitted } from '../pages/kit/submitted.ts';
import { tracedRenderer } from '../pages/kit/traced-renderer.ts';
import { messageIn } from '../pages/kit/translations.ts';
import { activatePage } from '../pages/links/activate.ts';
import { emailLinkPages } from '../pages/links/email-link.ts';
import { pictures } from '../pages/links/pictures.ts';
import { signInLinkPage } from '../pages/links/sign-in-link.ts';
import { resetPasswordPages } from '../pages/recovery/reset-password.ts';
import { returnTo } from '../pages/recovery/return-to.ts';
import { homePage } from '../pages/sign-in/home.ts';
import { protocolPages } from '../pages/sign-in/protocol-pages.ts';
import { upstreamCallback } from '../pages/upstream/callback.ts';
import { offering } from '../pages/upstream/offer.ts';
import { composeAccount } from './account.ts';
import { composeConsole } from './console.ts';
import { composePageMemory } from './page-memory.ts';
import type { Pages, PagesDeps } from './pages-parts.ts';
import { composeSignInPages } from './sign-in-pages.ts';
import { composeSteps } from './steps.ts';
import { demonstrationSignIn } from './welcome.ts';

/** The pages for browsers. */
export function composePages(deps: PagesDeps): Pages {
  const { config, domain, clock, device, addressOf, metrics, fetchLogo } = deps;
  const { issuer, bodyBytes, timeZone } = config.server;
  const { environment } = config;
  const assets = readAssets(config, domain.views);
  const renderer = pageRenderer({
    pages: config.pages,
    views: domain.views,
    assets,
    logoPath: logoPath(domain.digest),
  });
  const show = createShow(deps.tracing ? tracedRenderer(renderer, deps.tracing) : renderer);
  const guard = formGuard({
    keys: domain.keyring.derive('forms'),
    issuer,
    development: environment !== 'production',
  });
  const submitted = readSubmitted({ guard, bodyBytes });
  const loginEnded = (outcome: string): void => metrics.loginEnded('page', outcome);

  const knownOrigin = (ctx: Context) => ({ address: addressOf(ctx), device: device.ensure(ctx) });
  const originOf = (ctx: Context) => ({ address: addressOf(ctx), device: device.read(ctx) });
  const passwordLeast = leastCharacters(config.passwords.policy);
  const forms = {
    originOf,
    guard,
    show,
    submitted,
    botCheck: botCheck({ checks: domain.botChecks, guard }),
    once: once({ idempotencyKeys: domain.idempotencyKeys, guard }),
  };
  const { trail, remembered, sentCodes } = composePageMemory({
    ...{ config, domain, clock, device, addressOf, guard, show },
  });
  const appNames = newAuthenticators({
    secondFactors: domain.secondFactors,
    accounts: domain.accounts,
    productName: config.pages.productName,
    appName: messageIn('account.security.app_name', domain.views),
  });
  const resuming = returnTo({ keyring: domain.keyring, clock });

  return {
    show,
    isRemembered: remembered.isRemembered,
    browserOf: guard.browser,
    protocol: protocolPages({ show }),
    surfaces({ interactions: steps, unitOfWork, browserSessions, codeRedemption, registration, ...rest }) {
      const { upstreamProviders: providers, upstreamTransactions: transactions } = domain;
      const known = knowing(trail.follow(steps), domain.accounts);
      const interactions = offering(known, { providers, transactions, guard });
      const visiting = accountContexts({
        accounts: domain.accounts,
        keyring: domain.keyring,
        sessions: browserSessions,
        guard,
        reauthentication: domain.reauthentication,
        issuer,
        show,
      });
      const proving = composeSteps({
        ...{ config, domain, clock, device, addressOf, guard, submitted, show, loginEnded },
        once: forms.once,
        botCheck: forms.botCheck,
        returnTo: resuming,
        interactions,
        accountContexts: visiting,
      });
      const signIn = composeSignInPages({
        ...{ config, domain, device, addressOf, guard, submitted, show, loginEnded },
        ...{ interactions, remembered, originOf, knownOrigin, sentCodes },
        accountContexts: visiting,
        newAuthenticators: appNames,
      });
      const home = homePage({ show, issuer, environment, signIn: demonstrationSignIn(config) });
      const development = config.messages.outbox
        ? [
            outboxPage({ outbox: domain.outbox, show }),
            galleryPages({
              // the samples of all pages, which few processes ever show
              entries: lazy(async () => {
                const { galleryEntries } = await import('../pages/developer/gallery-entries.ts');
                return galleryEntries({ renderer, templates: domain.templates });
              }),
              show,
            }),
          ]
        : [];
      return [
        assets.serve,
        pictures({ images: domain.images }),
        logoImages({ logos: logos({ fetch: fetchLogo, clock }), digest: domain.digest }),
        referencePages({ issuer }),
        signInLinkPage({ emailCode: domain.emailCode, guard, show }),
        emailLinkPages({ links: domain.emailLinks, tries: domain.callerTries, timeZone, ...forms }),
        activatePage({
          activation: domain.activation,
          ...{ passwordLeast, termsUri: config.pages.terms?.uri, privacyUri: config.pages.privacy?.uri },
          ...forms,
        }),
        resetPasswordPages({
          passwordReset: domain.passwordReset,
          channels: domain.channels,
          returnTo: resuming,
          passwordLeast,
          ...forms,
        }),
        ...composeAccount({
          config,
          domain,
          browserSessions,
          backchannelApprovals: rest.backchannelApprovals,
          accountContexts: visiting,
          guard,
          clock,
          show,
          originOf,
          newAuthenticators: appNames,
          sentCodes,
        }),
        ...composeConsole({ config, domain, clock, show, codeRedemption, registration, originOf }),
        upstreamCallback({ providers, transactions, guard, bodyBytes, show }),
        home,
        ...development,
        (ctx, next) =>
          ctx.path.startsWith('/interaction/')
            ? compose([unitOfWork, trail.leadOn, proving, ...signIn])(ctx, next)
            : proving(ctx, next),
      ];
    },
  };
}
