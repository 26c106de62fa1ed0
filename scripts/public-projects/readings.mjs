/**
 * Why a migration is not proven, as a person reads it in the project's own SQL; by project and version.
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const READINGS = {
  openmeter: {
    20250109231835: 'The down marks entitlements and grants made since 2025-01-09 as deleted, as it says.',
    20250818093933:
      'The up makes subjects for entitlements that have none; the down leaves them, and the second up makes others.',
    20260511201803:
      'The up moves charges into tables of another form, which the down fills the old ones from: rows that the join leaves out are gone, others come back twice.',
    20260519132345:
      'The up deletes all rows. Where rows with the same unique values were written since, the old ones have no place; they stay in kept data.',
  },
  goalert: {
    '20170428154209-users-table':
      'The table is taken over from another program; the down makes its columns with other defaults and without their values.',
    '20170502172843-user-settings':
      'The down copies rows written since into the table that it makes again, and demands other keys than it had.',
    '20170515120511-escalation-policy-actions':
      'The down copies rows written since into the table that it makes again.',
    '20170619164449-bobby-tables': 'The up drops tables; the down is `select 1`.',
    '20170717152954-ids-to-uuids': 'The down copies rows written since into the tables that it makes again.',
    '20170817102712-atomic-escalation-policies':
      'The up fills a table from others, in which rows were written since: the second up fills it with more.',
    '20171030130801-ev3-escalation-policy-state':
      'The down computes escalation_level anew from a state in which it was divided by the number of steps.',
    '20180315113303-strict-rotation-state': 'A trigger writes the time of day.',
    '20180517210000-auth2':
      'The down writes the subjects of a table into another one, also those that were never there.',
    '20180720122633-update-existing-escalations': 'The up writes who is on call; the down leaves it.',
    '20251003123243-rotation-direct-event': 'The up makes jobs of updates; the down leaves the jobs.',
  },
  marble: {
    20250428080000:
      'The up copies the states of all cases into a table, those written since too, when it runs a second time.',
    20250718153800:
      'The up gives rules a random stable_rule_id where they have none, which the down leaves; it makes rules of workflows, of those written since too, when it runs a second time.',
    20260612100000: 'The down writes an empty object where the payload is null, as it says.',
  },
  concourse: {
    1513895878: 'The up lets resources.last_checked be null; the down does not take that back.',
    1517330648: 'The down writes the same condition with other parentheses.',
    1520796340: 'The down adds the column without its default and its not null.',
    1548261635: 'Both directions truncate tables with all that refers to them.',
    1529692120:
      'The columns come back as timestamps without time zone; two migrations before they had been given one.',
    1537546150: 'There is no down.',
    1543420137: 'The down names a foreign key otherwise and leaves two indexes out.',
    1554133547: 'The column comes back as a timestamp without time zone, as it was in the beginning.',
    1557152441:
      'The up joins by job_id, which may be null: such rows get no task cache, and the down finds no step_name for them to set not null.',
    1579713179: 'The up lets three columns be null; the down demands values.',
    1579713186: 'The down demands a column that could be null since 1579713179.',
    1579713194: 'The down makes build_outputs with the column that 1520796340 had dropped.',
    1597342429: 'The function comes back with other white space.',
    1601993587:
      'Indexes over int and bigint columns are written with casts, which stay when both are int again.',
    1602860419: 'The down makes a unique index where there was a constraint, which the second up looks for.',
    1603401316: 'As in 1601993587: the casts in an index stay.',
    1606068653: 'The functions come back with other white space.',
    1618347806: 'The down drops the trigger and leaves its function.',
    1627322243: 'The columns were on another table: the down adds them where they have never been.',
    1630515499:
      'The project makes a sequence for each build while it runs; the down makes them for builds that never had one.',
    1666754000:
      'The down deletes rows that were there before the up. Plinth keeps them, and puts them back with the next apply.',
    1747084615: 'The extension that the up installs stays.',
  },
  svix: {
    20220428190104:
      'The down drops a column and then its index, which is gone by then; it also demands payloads, which the up lets be null.',
    20220506181355: 'The down gives the columns a default that they did not have, as it says.',
    20250905195339: 'The up drops a foreign key and a not null; the down demands both of rows written since.',
  },
  river: {
    '004':
      'The enum keeps its new value, as the down says; metadata loses a default and a not null that it had before.',
  },
};
