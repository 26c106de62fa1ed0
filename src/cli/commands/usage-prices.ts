import { priceListText, priceSyncText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';

export const usagePrices: Command = {
  name: 'usage prices',
  summary: 'show the price list, or bring it up to what is published',
  description:
    'Prices are never overwritten: one ends and the next begins. Prices from another source, such as a contract, are\nleft alone. Published prices come with Plinth, from @pydantic/genai-prices.',
  options: [
    { flags: '--sync', description: 'bring the prices of the catalogue’s models up to what is published' },
    { flags: '--dry-run', description: 'with --sync: only tell what would change' },
  ],
  examples: [
    { line: 'usage prices', does: 'the prices that are in force' },
    { line: 'usage prices --sync --dry-run', does: 'what has changed in the published prices' },
    { line: 'usage prices --sync', does: 'take the changes over' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { sync, dryRun } = context.options;
    if (dryRun === true && sync !== true) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: 'Cannot use --dry-run by itself: nothing is written without --sync',
      });
    }
    const { prices } = (await openProject(context)).usage;
    const isJson = context.format === 'json';
    if (sync === true) {
      const result = await prices.sync({ dryRun: dryRun === true });
      context.print(
        isJson
          ? toJson('usage prices', result)
          : priceSyncText(result, { isDryRun: dryRun === true }, context.style),
      );
    } else {
      const list = await prices.list();
      context.print(isJson ? toJson('usage prices', list) : priceListText(list, new Date(), context.style));
    }
    return 0;
  },
};
