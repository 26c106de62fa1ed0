import { readPackageFile } from '../core/index.js';
import type { Session } from '../database/index.js';
import { matchesApiKeyHash, parseApiKey } from './api-key.js';

/** Who acts by an API key. */
export interface ApiKeyPrincipal {
  readonly organizationId: string;
  readonly apiKeyId: string;
  /** The part of the key that may be shown. */
  readonly prefix: string;
  readonly scopes: readonly string[];
  /** The member who made the key; null when the platform did, or the membership was erased. */
  readonly createdByUserId: string | null;
}

/**
 * Why a key is refused. Tell the client no more than that it is; the reason is for logs. Everything after
 * `unknown` is only told of a key whose secret is right.
 */
export type ApiKeyRefusal =
  | 'malformed'
  | 'unknown'
  | 'revoked'
  | 'expired'
  | 'organization_deleted'
  | 'organization_suspended'
  | 'organization_closed';

/** What came of authenticating; neither holds the key's text. */
export type ApiKeyAuthentication =
  | { readonly kind: 'authenticated'; readonly principal: ApiKeyPrincipal }
  | { readonly kind: 'refused'; readonly reason: ApiKeyRefusal };

interface KeyRow {
  readonly id: string;
  readonly key_hash: Buffer;
  readonly scopes: string[];
  readonly created_by_user_id: string | null;
  readonly is_revoked: boolean;
  readonly is_expired: boolean;
  readonly status: 'active' | 'suspended' | 'closed';
  readonly is_deleted: boolean;
}

/** Compared with where there is no key, so that its absence takes no less time. No text has this hash. */
const NO_HASH = new Uint8Array(32);

const SQL = readPackageFile('src/seed/authenticate-api-key.sql');

/**
 * Authenticates by the text of an API key: one look-up by organization and prefix, then the hash of the whole
 * text in constant time, then whether the key and its organization are good now.
 *
 * @example
 * const answer = await authenticateApiKey(session, request.headers['x-api-key']);
 * if (answer.kind === 'refused') return unauthorized();
 */
export async function authenticateApiKey(session: Session, keyText: string): Promise<ApiKeyAuthentication> {
  const key = parseApiKey(keyText);
  if (!key) {
    return refused('malformed');
  }
  const [row] = await session.query<KeyRow>(SQL, [key.organizationId, key.prefix], {
    name: 'plinth_authenticate_api_key',
  });
  const isSecretRight = matchesApiKeyHash(keyText, row?.key_hash ?? NO_HASH);
  if (!row || !isSecretRight) {
    return refused('unknown');
  }
  const reason = refusalOf(row);
  return reason ? refused(reason) : authenticated(row, key.organizationId, key.prefix);
}

function refusalOf(row: KeyRow): ApiKeyRefusal | undefined {
  if (row.is_revoked) {
    return 'revoked';
  }
  if (row.is_expired) {
    return 'expired';
  }
  if (row.is_deleted) {
    return 'organization_deleted';
  }
  return row.status === 'active' ? undefined : `organization_${row.status}`;
}

function refused(reason: ApiKeyRefusal): ApiKeyAuthentication {
  return { kind: 'refused', reason };
}

function authenticated(row: KeyRow, organizationId: string, prefix: string): ApiKeyAuthentication {
  return {
    kind: 'authenticated',
    principal: {
      organizationId,
      apiKeyId: row.id,
      prefix,
      scopes: row.scopes,
      createdByUserId: row.created_by_user_id,
    },
  };
}
