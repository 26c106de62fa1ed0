import type { AdoptChoice } from '../../project/index.js';
import { adoptText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, ONE_TARGET_OPTION } from './selection.js';

export const adopt: Command = {
  name: 'adopt',
  summary: 'take over a database that another tool has migrated',
  description:
    'Reads the table of golang-migrate, dbmate, Flyway, goose, sql-migrate, node-pg-migrate, sqlx, Diesel or Prisma,\nfinds the file of each applied migration, builds the schema that they make in an empty database, and compares.\nOnly if all agrees is the ledger written; the other tool’s table is only read.',
  options: [
    ONE_TARGET_OPTION,
    {
      flags: '--table <schema.table>',
      description: 'the other tool’s table',
      defaultText: 'found by its name',
    },
    {
      flags: '--scratch <url>',
      description: 'an empty database to build the schema in',
      defaultText: 'one on the target’s server, dropped again',
    },
    { flags: '--accept-differences', description: 'write the ledger in spite of what differs' },
  ],
  examples: [
    { line: 'adopt', does: 'compare, and take over if all agrees; exit code 1 if not' },
    { line: 'adopt --table ops.schema_migrations', does: 'where the tool was told another table' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const report = await plinth.adopt(
      given<AdoptChoice>(context, 'target', 'table', 'scratch', 'acceptDifferences'),
    );
    context.print(context.format === 'json' ? toJson('adopt', report) : adoptText(report, context.style));
    return report.written ? 0 : 1;
  },
};
