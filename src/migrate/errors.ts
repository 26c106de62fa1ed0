import { defineErrors } from '../core/index.js';

export const MIGRATE_ERRORS = defineErrors('MIGRATE', {
  FOLDER_NOT_FOUND: {
    fault: 'usage',
    when: 'The folder of migrations does not exist.',
    fix: 'Create the folder, or mend `migrations` in plinth.yaml.',
  },
  FOLDER_UNRECOGNIZED: {
    fault: 'usage',
    when: 'The files of a folder follow no naming that Plinth knows, or more than one.',
    fix: 'Name the format with `format` in plinth.yaml.',
  },
  FILE_MISPLACED: {
    fault: 'usage',
    when: 'A file in the folder cannot be told to be an up or a down of a version.',
    fix: 'Name it as the message says, or move it elsewhere.',
  },
  ORDER_DIFFERS: {
    fault: 'usage',
    when: 'The tool that a folder was made for would apply its migrations in another order than their numbers have.',
    fix: 'Write the versions with as many digits each (leading zeros), so that both orders are one.',
  },
  VERSION_DUPLICATE: {
    fault: 'usage',
    when: 'Two migrations of a folder have the same version.',
    fix: 'Give one of them a new version.',
  },
  VERSION_UNKNOWN: {
    fault: 'usage',
    when: 'A version was named that neither the folder nor the ledger has.',
    fix: 'Run `plinth status` to see the versions.',
  },
  NAME_INVALID: {
    fault: 'usage',
    when: 'The name for a new migration has no letters or digits to make a file name of.',
    fix: 'Describe the change in a few words: plinth new "add regions to organizations".',
  },
  OUT_OF_ORDER: {
    fault: 'usage',
    when: 'A pending migration is older than the newest applied one, and the target’s order is strict.',
    fix: 'Give it a version newer than the applied ones, or set `order: allow-missing` for the target.',
  },
  FILE_MISSING: {
    fault: 'usage',
    when: 'An applied migration has no file, though newer ones do, and the target’s order is strict.',
    fix: 'Restore the file (its text is in the ledger: `plinth show <version>`), or set `order: allow-missing`.',
  },
  CHANGED: {
    fault: 'usage',
    when: 'The statements of an applied migration were changed in its file.',
    fix: 'Undo the change and put it in a new migration; `plinth repair` takes the file as it is now, if it is equivalent.',
  },
  SCRIPT_INVALID: {
    fault: 'usage',
    when: 'A script holds something that no server can run, such as a psql command or unfinished quoting.',
    fix: 'Mend the script at the place shown.',
  },
  STATEMENT_FAILED: {
    fault: 'environment',
    when: 'The server refused a statement of a migration.',
    fix: 'Mend the statement and run the command again.',
  },
  LOCKED: {
    fault: 'environment',
    when: 'Somebody else was migrating the same target for the whole time that the run may wait.',
    fix: 'Wait for the other run, or end its server process when it is stuck.',
  },
  LOCK_LOST: {
    fault: 'environment',
    when: 'The run was paused for so long that another took its lock over; it stops before changing anything more.',
    fix: 'Run `plinth status`, then the command again.',
  },
  LOCK_TIMEOUT: {
    fault: 'environment',
    when: 'A statement could not get a lock on a table, again and again, until the deadline.',
    fix: 'Try again when the blocking transaction has ended, or raise retryFor.',
  },
  DIRECT_NEEDED: {
    fault: 'usage',
    when: 'A statement that no transaction can hold depends on a setting of the session, and the connection goes through a proxy that pools transactions.',
    fix: 'Connect to the server itself, or write the names in the statement with their schema.',
  },
  ALREADY_RECORDED: {
    fault: 'usage',
    when: 'A baseline or an adoption was asked for, and the ledger has migrations of the target already.',
    fix: 'Run `plinth status` to see them; `plinth repair` mends single rows.',
  },
  HISTORY_NOT_FOUND: {
    fault: 'usage',
    when: 'The database has no table in which a tool that Plinth knows records migrations.',
    fix: 'Name the table with --table <schema.table>, or take the database as it is: plinth baseline <version>.',
  },
  HISTORY_AMBIGUOUS: {
    fault: 'usage',
    when: 'Several tables of the database could be the record of the tool that migrated it.',
    fix: 'Name the one with --table <schema.table>.',
  },
  HISTORY_UNSETTLED: {
    fault: 'usage',
    when: 'The other tool has recorded a migration that failed or is half-done.',
    fix: 'Put it right with that tool first, as the message says.',
  },
  NOT_REPAIRABLE: {
    fault: 'usage',
    when: 'A repair was asked for that the version does not need.',
    fix: 'Run `plinth repair` without versions to see what is wrong and what it would do.',
  },
  NOTHING_TO_ROLL_BACK: {
    fault: 'usage',
    when: 'A rollback was asked for and nothing is applied.',
    fix: 'Run `plinth status` to see what is applied.',
  },
  IRREVERSIBLE: {
    fault: 'usage',
    when: 'A rollback would pass a migration that has no down script or is declared irreversible.',
    fix: 'Write its down script, or roll back only to that version.',
  },
  FLEET_QUERY_FAILED: {
    fault: 'usage',
    when: 'The query that lists the databases or schemas of a target cannot be run, or gives something else than names.',
    fix: 'Mend `fleet.query` in plinth.yaml: its first column names them.',
  },
  SCHEMA_NOT_FOUND: {
    fault: 'environment',
    when: 'A schema that a target is to be migrated in does not exist.',
    fix: 'Create the schema, or take it off the list.',
  },
  APPROVALS_MISSING: {
    fault: 'usage',
    when: 'A migration has a risk for which the target wants more approvals than it has; nothing was changed.',
    fix: 'Have an approver run `plinth approve <version> --target <target>` and commit the file.',
  },
  BUNDLE_INVALID: {
    fault: 'environment',
    when: 'A bundle is cut off, was changed, or is none: a signature or a digest in it is not right. Nothing was applied.',
    fix: 'Fetch the bundle again from where it was made.',
  },
  BUNDLE_UNTRUSTED: {
    fault: 'usage',
    when: 'A bundle is not signed, or with a key that this project does not trust. Nothing was applied.',
    fix: 'Sign it with a trusted key (plinth bundle --key), or add the key to bundles.trusted in plinth.yaml.',
  },
  BUNDLE_OF_ANOTHER: {
    fault: 'usage',
    when: 'A bundle was made for another project or target.',
    fix: 'Apply the bundle that was made for this target.',
  },
  APPROVAL_MALFORMED: {
    fault: 'usage',
    when: 'A file among the approvals is none, or was edited.',
    fix: 'Remove the file, and approve the migration anew.',
  },
  APPROVER_UNKNOWN: {
    fault: 'usage',
    when: 'An approval was to be signed with a key that is not among the approvers of the target.',
    fix: 'Sign with an approver’s key (--key), or add the key to approvals.approvers in plinth.yaml.',
  },
  HEALTH_TIMEOUT: {
    fault: 'environment',
    when: 'A health check gave up: the server accepted the connection and did not answer in time.',
    fix: 'Look at the server’s load, or allow more time with --timeout.',
  },
  LEDGER_TOO_NEW: {
    fault: 'usage',
    when: 'The ledger in the database was written by a newer Plinth.',
    fix: 'Use the newer version of Plinth.',
  },
  LEDGER_DENIED: {
    fault: 'environment',
    when: 'The role may not create or write the schema plinth, where the ledger is kept.',
    fix: 'Grant CREATE on the database to the role, or run once as the owner.',
  },
  CANCELLED: {
    fault: 'environment',
    when: 'The run was interrupted; what was under way was rolled back.',
    fix: 'Run the command again: it goes on where it stopped.',
  },
  DATA_NOT_KEPT: {
    fault: 'usage',
    when: 'A statement destroys data that cannot be kept for a rollback; its transaction was rolled back.',
    fix: 'Keep it by hand and say so before the statement: -- plinth: keep=off reason="…".',
  },
  KEPT_UNKNOWN: {
    fault: 'usage',
    when: 'An id was named under which no data is kept.',
    fix: 'Run `plinth kept list` to see what is kept.',
  },
  KEPT_DENIED: {
    fault: 'environment',
    when: 'The role may not read kept data, or may not put it back or purge it.',
    fix: 'Connect as the role that runs the migrations: kept data is its own.',
  },
  KEPT_COPY_ONLY: {
    fault: 'usage',
    when: 'Kept rows were to be put back into what takes none, such as a materialized view.',
    fix: 'Copy them into a new table with --into.',
  },
  KEPT_INTO_INVALID: {
    fault: 'usage',
    when: 'The table that kept data is to be copied into is there already, or cannot be made under that name.',
    fix: 'Name a table that is not there yet, as schema.table.',
  },
  CONFIRMATION_NEEDED: {
    fault: 'usage',
    when: 'A run would destroy data and nobody confirmed it.',
    fix: 'Read the plan, then add --yes.',
  },
});
