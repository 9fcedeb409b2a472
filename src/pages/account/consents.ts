import type { Middleware } from 'koa';
import {
  type ConsentRecord,
  isOpen,
  isTextPurpose,
  standingOf,
} from '../../domain/consent-records/consent-record.ts';
import type { ConsentRecords } from '../../domain/consent-records/consent-records.ts';
import { pageLocale } from '../kit/show.ts';
import { momentWriter } from '../page-data/moment.ts';
import { portion } from '../page-data/portion.ts';
import { type AccountArea, accountPage, withOutcome } from './account-page.ts';

interface Deps {
  consentRecords: ConsentRecords;
  timeZone: string;
}

const PATH = '/account/consents';
const ON_PAGE = 10;

/**
 * `/account/consents`: the person's consents and their withdrawal, which is as easy as giving them (PDPA section 19).
 * Neither requires a recent sign-in.
 */
export function consentsPage(area: AccountArea, { consentRecords, timeZone }: Deps): Middleware {
  const written = momentWriter(timeZone);
  const { purposes, texts } = consentRecords;

  const titleOf = (purpose: string) => purposes.find((one) => one.purpose === purpose)?.title;

  /** The purposes that are no longer offered and still have an open consent, which can only be withdrawn. */
  const formerOf = (records: readonly ConsentRecord[]): string[] => [
    ...new Set(
      records
        .filter((record) => isOpen(record) && !isTextPurpose(record.purpose) && !titleOf(record.purpose))
        .map(({ purpose }) => purpose),
    ),
  ];

  const given = (channel: 'pages', ctx: Parameters<typeof pageLocale>[0]) => ({
    channel,
    language: pageLocale(ctx, undefined),
  });

  return accountPage(area, {
    name: 'account/consents',
    path: PATH,
    outcomes: ['consent_given', 'consent_ended', 'consent_changed', 'terms_accepted'],
    async load({ account }, _sent, ctx) {
      const records = await consentRecords.list(account.id);
      const { shown, ...rest } = portion(records, ON_PAGE, ctx);
      return {
        ...rest,
        purposes: purposes.map((purpose) => ({ ...purpose, standing: standingOf(purpose, records) })),
        former: formerOf(records),
        texts: texts.map((text) => ({ ...text, isAccepted: standingOf(text, records) === 'given' })),
        records: shown.map(({ id, purpose, version, channel, givenAt, withdrawnAt }) => ({
          ...{ id, purpose, version, channel, title: titleOf(purpose) },
          givenAt: written(givenAt),
          withdrawnAt: withdrawnAt ? written(withdrawnAt) : undefined,
        })),
      };
    },
    forms: [
      {
        action: `${PATH}/give`,
        once: true,
        async submit({ purpose = '', version = '' }, { account }, ctx) {
          const isGiven = await consentRecords.give(account.id, { purpose, version }, given('pages', ctx));
          return withOutcome(PATH, isGiven ? 'consent_given' : 'consent_changed');
        },
      },
      {
        action: `${PATH}/withdraw`,
        once: true,
        async submit({ purpose = '' }, { account }) {
          await consentRecords.withdraw(account.id, purpose, { channel: 'pages' });
          return withOutcome(PATH, 'consent_ended');
        },
      },
      {
        action: `${PATH}/accept`,
        once: true,
        async submit(sent, { account }, ctx) {
          const due = await consentRecords.due(account.id);
          // only the versions that were shown can be accepted
          if (!due.every(({ purpose, version }) => sent[purpose] === version))
            return withOutcome(PATH, 'consent_changed');
          await consentRecords.accept(account.id, given('pages', ctx));
          return withOutcome(PATH, 'terms_accepted');
        },
      },
    ],
  });
}
