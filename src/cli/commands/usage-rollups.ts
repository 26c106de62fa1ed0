import type { RollupSqlChoice } from '../../project/index.js';
import { rollupsCheckedText, rollupsText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';

export const usageRollups: Command = {
  name: 'usage rollups',
  summary: 'list the declared rollups, check their tables, show their SQL',
  description:
    'Rollups are declared in analytics/rollups and compiled to SQL for each engine. --check compares the tables of the\ndatabase with the declarations, and tells how far behind they are.',
  args: [{ name: '[rollup]', description: 'the one to show as SQL' }],
  options: [
    {
      flags: '--check',
      description: 'compare with the database; exit code 1 when a table is not as declared',
    },
    {
      flags: '--engine <engine>',
      description: 'whose SQL',
      choices: ['postgresql', 'duckdb'],
      defaultText: 'postgresql',
    },
    { flags: '--table', description: 'the table for a migration, instead of the query' },
  ],
  examples: [
    { line: 'usage rollups', does: 'what is declared' },
    { line: 'usage rollups hour_organization --engine duckdb', does: 'the query that computes its rows' },
    { line: 'usage rollups hour_organization --table', does: 'the statements for a migration' },
    { line: 'usage rollups --check', does: 'whether the database is as declared, and up to date' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { rollups } = (await openProject(context)).usage;
    const [rollup] = context.args;
    const { check, engine, table } = context.options;
    const isJson = context.format === 'json';
    if (check === true) {
      const checked = await rollups.check();
      context.print(isJson ? toJson('usage rollups', checked) : rollupsCheckedText(checked, context.style));
      return checked.isAsDeclared ? 0 : 1;
    }
    if (rollup !== undefined) {
      const sql = await rollups.sql({
        rollup,
        ...(typeof engine === 'string' ? { engine: engine as NonNullable<RollupSqlChoice['engine']> } : {}),
        table: table === true,
      });
      context.print(isJson ? toJson('usage rollups', { rollup, sql }) : sql);
      return 0;
    }
    if (engine !== undefined || table !== undefined) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: 'Cannot show a rollup as SQL: none was named (plinth usage rollups <rollup> was wanted)',
      });
    }
    const declared = await rollups.list();
    context.print(isJson ? toJson('usage rollups', declared) : rollupsText(declared, context.style));
    return 0;
  },
};
