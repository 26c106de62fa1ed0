/**
 * The keeper's own SQL in the middle of somebody's script: under the run's role, and with settings under which the
 * same value always has the same text. Afterwards everything is as the script had it.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';

const OWN: Readonly<Record<string, string>> = {
  role: 'none',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmloption: 'content',
  xmlbinary: 'base64',
  // A policy would hide rows without a word: rather an error.
  row_security: 'off',
  client_min_messages: 'warning',
  default_tablespace: '',
  default_table_access_method: 'heap',
  check_function_bodies: 'off',
  transform_null_equals: 'off',
};

const ENTER = `
  select session_user::text as user, name, pg_catalog.current_setting(name) as was, pg_catalog.set_config(name, own, true)
    from unnest($1::text[], $2::text[]) with ordinality as s (name, own, place)
   order by place`;

/** Calls `work` with the keeper's settings; they end when it returns, or with the transaction when it throws. */
export async function asKeeper<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const entered = await enter(session, Object.keys(OWN), Object.values(OWN));
  const { user } = entered[0]!;
  const isOther = user !== session.server.user;
  if (isOther) {
    await session.run('reset session authorization; set local role none');
  }
  const result = await work();
  if (isOther) {
    await session.run(`set local session authorization ${quoteIdentifier(user)}`);
  }
  await enter(
    session,
    entered.map(({ name }) => name),
    entered.map(({ was }) => was),
  );
  return result;
}

function enter(
  session: Session,
  names: readonly string[],
  values: readonly string[],
): Promise<{ user: string; name: string; was: string }[]> {
  return session.query(ENTER, [names, values]);
}
