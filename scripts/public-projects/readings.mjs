/**
 * Why a migration is not proven, as a person reads it in the project's own SQL; by project and version.
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const READINGS = {
  concourse: {
    1513895878: 'The up lets resources.last_checked be null; the down does not take that back.',
    1517330648: 'The down writes the same condition with other parentheses.',
    1520796340: 'The down adds the column without its default and its not null.',
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
