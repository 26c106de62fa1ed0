/**
 * Triggers for one statement, with its transition tables. They are there while the statement runs, and gone before
 * the commit. To put one on a table takes a SHARE ROW EXCLUSIVE lock: others go on reading, and wait to write.
 */
import { type Session, sqlstateOf } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { Triggers } from './capture-handle.js';
import { keptTable, nameOf } from './layout.js';

type Event = Triggers['events'][number];

/** Settings that the text of values depends on. */
const SETTINGS = `set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'postgres'
  set extra_float_digits = 1 set bytea_output = 'hex' set xmlbinary = 'base64'`;

const TRANSITIONS: Readonly<Record<Event, string>> = {
  insert: 'new table as plinth_new',
  update: 'old table as plinth_old new table as plinth_new',
  delete: 'old table as plinth_old',
};

/** Puts the triggers on. @param bodies what each does, as a statement of plpgsql */
export async function putTriggers(
  session: Session,
  triggers: Triggers,
  bodies: Readonly<Partial<Record<Event, string>>>,
): Promise<void> {
  const { table, events } = triggers;
  const [replication] = await session.query<{ role: string }>(
    "select pg_catalog.current_setting('session_replication_role') as role",
  );
  const commands = events.flatMap((event) => [
    functionSql(triggers, event, bodies[event] ?? 'null'),
    `create trigger ${triggerName(triggers, event)} after ${event} on ${nameOf(table)}
       referencing ${TRANSITIONS[event]}
       for each statement execute function ${functionName(triggers, event)}()`,
    ...(replication!.role === 'replica'
      ? [`alter table ${nameOf(table)} enable always trigger ${triggerName(triggers, event)}`]
      : []),
  ]);
  await session.run(commands.join(';\n'));
}

/**
 * Takes the triggers off.
 * @returns false while events of the table wait for the end of the transaction: then they stay, and do nothing
 */
export async function takeTriggers(session: Session, triggers: Triggers): Promise<boolean> {
  if (await removeTriggers(session, triggers)) {
    return true;
  }
  await session.run(
    triggers.events
      .map((event) =>
        functionSql(triggers, event, 'null').replace('create function', 'create or replace function'),
      )
      .join(';\n'),
  );
  return false;
}

/** @returns false while events of the table wait for the end of the transaction */
export async function removeTriggers(session: Session, triggers: Triggers): Promise<boolean> {
  await session.run('savepoint plinth_triggers');
  try {
    await session.run(
      triggers.events
        .flatMap((event) => [
          `drop trigger if exists ${triggerName(triggers, event)} on ${nameOf(triggers.table)}`,
          `drop function ${functionName(triggers, event)}()`,
        ])
        .concat('release savepoint plinth_triggers')
        .join(';\n'),
    );
    return true;
  } catch (error) {
    if (sqlstateOf(error) !== '55006') {
      throw error;
    }
    await session.run('rollback to savepoint plinth_triggers; release savepoint plinth_triggers');
    return false;
  }
}

function triggerName({ prefix }: Triggers, event: Event): string {
  // Triggers fire in the order of their names: after those of the application.
  return quoteIdentifier(`~plinth_kept_${prefix}_${event}`);
}

function functionName({ prefix }: Triggers, event: Event): string {
  return keptTable(`${prefix}_${event}`);
}

function functionSql(triggers: Triggers, event: Event, body: string): string {
  return `create function ${functionName(triggers, event)}() returns trigger language plpgsql security definer
    ${SETTINGS} as $plinth_kept$ begin ${body}; return null; end $plinth_kept$`;
}
