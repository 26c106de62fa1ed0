import { defineErrors } from '../core/index.js';

export const USAGE_ERRORS = defineErrors('USAGE', {
  TRACE_MALFORMED: {
    fault: 'usage',
    when: 'A line of a usage file is truncated, or holds a value that its column cannot have.',
    fix: 'Mend the file at the line and column named and import it again; nothing of it was kept.',
  },
  COLUMN_UNKNOWN: {
    fault: 'usage',
    when: 'A usage file has a column or a JSON field that its format does not have.',
    fix: 'Rename or remove the column; docs/usage.md lists the ones there are.',
  },
  FORMAT_UNKNOWN: {
    fault: 'usage',
    when: 'A usage file is empty, compressed, or begins like none of the formats that can be imported.',
    fix: 'Give one of the formats that are named, or say with --mapping how the columns become events (docs/usage.md#mappings).',
  },
  SCOPE_MISSING: {
    fault: 'usage',
    when: 'A usage file does not say whose events it holds or of which model, and neither does the call.',
    fix: 'Say it in the call: organization, provider and model.',
  },
  OPTION_INVALID: {
    fault: 'usage',
    when: 'An option of a usage call has a value it cannot have.',
    fix: 'Give a value of the form that the message names.',
  },
  DAYS_TOO_MANY: {
    fault: 'usage',
    when: 'The events of one import lie on so many days that a time must be wrong.',
    fix: 'Check the times in the file, or divide it.',
  },
  RANGE_INVALID: {
    fault: 'usage',
    when: 'A span of time ends before it begins, or has more buckets than one answer may.',
    fix: 'Give a beginning before the end, and a coarser grain for a long span.',
  },
  REJECTS_TOO_MANY: {
    fault: 'usage',
    when: 'More than 10,000 rows of one import are no valid events; nothing of it was kept.',
    fix: 'Look at the fault that the message names: the file is probably of another format, or needs a mapping.',
  },
  EVENT_INVALID: {
    fault: 'usage',
    when: 'A usage event that was to be recorded breaks a rule of its table.',
    fix: 'Correct the field that the message names.',
  },
  MAPPING_INVALID: {
    fault: 'usage',
    when: 'A mapping of a usage file cannot be read, names a field that events do not have, or leaves out their time.',
    fix: 'Correct the line that the message points at; docs/usage.md lists what a mapping can say.',
  },
  PAYLOAD_UNKNOWN: {
    fault: 'usage',
    when: "The usage in a provider's answer is to be read, but the provider, its interface or the answer has another form.",
    fix: 'Name the provider and the interface that gave the answer, and hand over its whole body.',
  },
  RECORDER_FULL: {
    fault: 'environment',
    when: 'Events come faster than the database takes them, and as many wait as may.',
    fix: 'Slow down, or look at the database; what was given before is still being recorded.',
  },
  RECORDER_CLOSED: {
    fault: 'usage',
    when: 'A usage event is given to a recorder that has been closed.',
    fix: 'Close the recorder after the last event.',
  },
  PARTITION_MISSING: {
    fault: 'environment',
    when: 'A usage event lies on a day that has no partition.',
    fix: 'Make the partitions ahead of time, with ensureUsagePartitions or plinth maintain. Days of the history are made again by themselves.',
  },
  DAY_NOT_READY: {
    fault: 'environment',
    when: 'A day of usage is to move to the history while changes of it are not in the rollups yet.',
    fix: 'Bring the rollups up to date first: plinth usage roll-up.',
  },
  DAY_CLOSED: {
    fault: 'environment',
    when: 'A usage event comes for a day at the moment at which it is moved to the history.',
    fix: 'Try again in a moment: its partition is made again, and takes late events.',
  },
  DAY_BUSY: {
    fault: 'environment',
    when: 'A day of usage cannot be closed for changes, because others write to it or hold locks on it.',
    fix: 'Run it again later; nothing was changed.',
  },
  DAY_SEALED: {
    fault: 'usage',
    when: 'Events are to be changed that have moved to the history, whose files are not changed.',
    fix: 'Leave those days out; a correction of theirs is an event of its own, in the days that are open.',
  },
  SEGMENT_DIFFERS: {
    fault: 'environment',
    when: 'A file of the history does not hold the events that it should: it was changed, or the disk or the network failed.',
    fix: 'Keep the file and look into it; the events are still in the database unless the day was detached.',
  },
  HISTORY_UNREACHABLE: {
    fault: 'usage',
    when: 'A question needs events that have moved to the history, and no history is configured.',
    fix: 'Say in plinth.yaml where it is: usage.history.store.',
  },
  SCHEMA_MISSING: {
    fault: 'environment',
    when: 'The database does not have the tables that usage is kept in, or prices are read from.',
    fix: 'Apply the migrations first: plinth apply.',
  },
  ROLLUP_INVALID: {
    fault: 'usage',
    when: 'A declaration in analytics/rollups cannot be read, or declares what cannot be computed.',
    fix: 'Mend the file at the place shown; docs/formats.md has the format.',
  },
  ROLLUP_UNKNOWN: {
    fault: 'usage',
    when: 'A rollup was named that the project does not declare.',
    fix: 'Name one of the files of analytics/rollups, without the ending.',
  },
  QUALITY_TEST_INVALID: {
    fault: 'usage',
    when: 'A file in analytics/tests says nothing that can be run, or its directives cannot be read.',
    fix: 'Mend the file at the place shown; docs/formats.md has the format.',
  },
  CANCELLED: {
    fault: 'environment',
    when: 'A usage call was interrupted; what was under way was rolled back.',
    fix: 'Run it again.',
  },
});
