import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Overview } from '../../domain/administration/overview.ts';
import type { Traces } from '../../domain/administration/trace.ts';
import type { AuditFilter, AuditSearch } from '../../domain/audit/audit-search.ts';
import type { Operators } from '../../domain/operators/operators.ts';
import type { Role } from '../../domain/operators/role.ts';
import type { SigningKeys } from '../../domain/signing-keys/signing-keys.ts';
import { type PageWanted, pageOfAll } from '../../domain/values/cursor.ts';
import { AppError } from '../../errors/app-error.ts';
import type { RequestParts } from '../api.ts';
import { accountIdIn, type Described, noContent, ok, pageIn, textIn, timeIn } from './operation.ts';
import { eventBody, keyBody, operatorBody, overviewBody, traceBody } from './wire.ts';

export interface DeploymentDeps {
  overview: () => Promise<Overview>;
  auditSearch: AuditSearch;
  traces: Traces;
  signingKeys: Pick<SigningKeys, 'list' | 'rotate' | 'rotatableIn'>;
  operators: Operators;
  version: string;
  /** How long the next key must have been published, in seconds. */
  announceSeconds: number;
}

/** More digits than an account id has. As texts of the same length, ids sort like numbers. */
const ID_DIGITS = 16;
const NDJSON = 'application/x-ndjson';

const filterIn = (parts: RequestParts): AuditFilter => {
  const account = textIn(parts, 'account');
  return {
    accountId: account === undefined ? undefined : Number(account),
    clientId: textIn(parts, 'client'),
    actor: textIn(parts, 'actor'),
    event: textIn(parts, 'event'),
    requestId: textIn(parts, 'request_id'),
    since: timeIn(parts, 'since'),
    until: timeIn(parts, 'until'),
  };
};

async function* lines(entries: ReturnType<AuditSearch['all']>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(eventBody(entry))}\n`;
}

export function deploymentOperations(deps: DeploymentDeps): Described[] {
  const { auditSearch, traces, signingKeys, operators } = deps;
  async function keys(page: PageWanted) {
    const list = await signingKeys.list();
    const { data, next } = pageOfAll('keys', list, page, ({ createdAt, kid }) =>
      [createdAt.toISOString(), kid].join(' '),
    );
    return ok({ data: data.map(keyBody), next });
  }

  return [
    {
      id: 'getOverview',
      method: 'get',
      path: '/admin/v1/overview',
      run: async () => ok(overviewBody(await deps.overview(), deps.version)),
    },
    {
      id: 'listAudit',
      method: 'get',
      path: '/admin/v1/audit',
      async run(parts, ctx: Context) {
        const filter = filterIn(parts);
        if (ctx.accepts('application/json', NDJSON) === NDJSON) {
          ctx.type = NDJSON;
          return ok(Readable.from(lines(auditSearch.all(filter))));
        }
        const { data, next } = await auditSearch.page(filter, pageIn(parts.query));
        return ok({ data: data.map(eventBody), next });
      },
    },
    {
      id: 'getRequest',
      method: 'get',
      path: '/admin/v1/requests/:request_id',
      async run({ params }) {
        const trace = await traces.of(params.request_id ?? '');
        if (!trace) throw new AppError('NOT_FOUND');
        return ok(traceBody(trace));
      },
    },
    {
      id: 'listKeys',
      method: 'get',
      path: '/admin/v1/keys',
      run: ({ query }) => keys(pageIn(query)),
    },
    {
      id: 'rotateKeys',
      method: 'post',
      path: '/admin/v1/keys/rotate',
      async run() {
        const retryAfter = await signingKeys.rotatableIn(deps.announceSeconds);
        if (retryAfter > 0 || !(await signingKeys.rotate(deps.announceSeconds)))
          throw new AppError('UNAVAILABLE', { retryAfter: Math.max(1, retryAfter) });
        return keys(pageIn({}));
      },
    },
    {
      id: 'listOperators',
      method: 'get',
      path: '/admin/v1/operators',
      async run({ query }) {
        const { data, next } = pageOfAll(
          'operators',
          await operators.list(),
          pageIn(query),
          ({ accountId }) => String(accountId).padStart(ID_DIGITS, '0'),
        );
        return ok({ data: data.map(operatorBody), next });
      },
    },
    {
      id: 'addOperator',
      method: 'post',
      path: '/admin/v1/operators',
      hasBody: true,
      async run(parts) {
        const { account, role } = parts.body as { account: string; role: Role };
        const id = accountIdIn({ ...parts, params: { id: account } });
        await operators.add(id, role);
        const operator = await operators.find(id);
        if (!operator) throw new AppError('OPERATOR_NOT_FOUND');
        return { status: 201, body: operatorBody(operator) };
      },
    },
    {
      id: 'removeOperator',
      method: 'delete',
      path: '/admin/v1/operators/:account',
      async run(parts) {
        await operators.remove(accountIdIn(parts, 'account'));
        return noContent;
      },
    },
  ];
}
