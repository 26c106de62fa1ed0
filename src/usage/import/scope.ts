import { USAGE_ERRORS } from '../errors.js';
import { DEFAULT_CURRENCY, OPERATIONS, type Operation } from '../event.js';
import { isUuid } from '../event-id.js';
import { inBounds } from '../event-time.js';
import { isCurrency, isOperation } from './event-fields.js';

/** What a file does not say of its events. Where a file does say it, the file counts. */
export interface ImportScope {
  readonly organizationId?: string;
  readonly apiKeyId?: string;
  readonly userId?: string;
  readonly provider?: string;
  readonly model?: string;
  /** `chat` unless given. */
  readonly operation?: Operation;
  /** ISO 4217 code; `USD` unless given. */
  readonly currency?: string;
  /** When the times of a trace begin that counts from its own start: 2024-01-01T00:00:00Z unless given. */
  readonly startTime?: Date;
}

export const DEFAULT_START_TIME = new Date(Date.UTC(2024, 0, 1));

/** The scope with its defaults. @throws USAGE_OPTION_INVALID */
export function checkedScope(scope: ImportScope): CheckedScope {
  for (const name of ['organizationId', 'apiKeyId', 'userId'] as const) {
    check(scope[name] === undefined || isUuid(scope[name]), name, 'a UUID');
  }
  const startTime = scope.startTime ?? DEFAULT_START_TIME;
  const operation = scope.operation ?? 'chat';
  const currency = scope.currency ?? DEFAULT_CURRENCY;
  check(scope.provider === undefined || isName(scope.provider, 64), 'provider', '1 to 64 characters');
  check(scope.model === undefined || isName(scope.model, 200), 'model', '1 to 200 characters');
  check(inBounds(startTime.getTime()), 'startTime', 'a time of the years 2000 to 2199');
  check(isOperation(operation), 'operation', `one of ${OPERATIONS.join(', ')}`);
  check(isCurrency(currency), 'currency', 'a currency code such as USD');
  return { ...scope, startTime, operation, currency };
}

export type CheckedScope = ImportScope & Required<Pick<ImportScope, 'startTime' | 'operation' | 'currency'>>;

/** What every event has to say and a trace without tenants and models does not. */
export type TraceScope = CheckedScope & Required<Pick<ImportScope, 'organizationId' | 'provider' | 'model'>>;

/** @throws USAGE_SCOPE_MISSING naming what the file does not say and the call does not either */
export function traceScope(scope: CheckedScope, file: string): TraceScope {
  requireScope(scope, ['organizationId', 'provider', 'model'], file);
  return scope as TraceScope;
}

export type RequiredScope = 'organizationId' | 'provider' | 'model';

export function requireScope(scope: ImportScope, names: readonly RequiredScope[], file: string): void {
  const missing = names.filter((name) => scope[name] === undefined).map((name) => SPOKEN[name]);
  if (missing.length > 0) {
    throw USAGE_ERRORS.SCOPE_MISSING({
      message: `Cannot import ${file}: neither it nor the call says the ${missing.join(' and the ')} (one for all of its events was wanted)`,
      hint: `Give the ${missing.join(' and the ')} with the call.`,
      details: { missing: names.filter((name) => scope[name] === undefined) },
    });
  }
}

const SPOKEN = { organizationId: 'organization', provider: 'provider', model: 'model' } as const;

function isName(text: string, longest: number): boolean {
  return text.length >= 1 && text.length <= longest && !/\p{Cc}/u.test(text);
}

function check(isRight: boolean, option: string, wanted: string): void {
  if (!isRight) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot import usage: the option ${option} has another form (${wanted} was wanted)`,
      details: { option },
    });
  }
}
